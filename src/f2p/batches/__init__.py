"""Many photos as one piece of work: find, match with a roster, make in a warm pool, keep the books, sort the results.

Straight through: `sources` ▶ `roster` ▶ `matching` ▶ `naming` ▶ `batch` (`pool`, `work`, `journal`) ▶ `twins`, `evenness`.
"""
