"""What a person gets of a batch: lines in words, the report as JSON, HTML, Excel and PDF, notices to send."""
