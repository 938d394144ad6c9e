"""Whether a number proves itself: check characters of GB 11643 (resident ID), ISO/IEC 7812 (cards) and GB 32100 (companies)."""

from __future__ import annotations

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_CARD_LENGTHS = range(16, 20)


def holds(check: str, value: str) -> bool:
    """Whether `value` (no separators) passes the check named in data/private.toml."""
    return {"gb11643": _resident_id, "luhn": luhn, "gb32100": _credit_code}[check](value.upper())


def nearly_holds(check: str, value: str) -> bool:
    """Whether a reader's one or two errors would explain that `value` does not pass."""
    value = value.upper()
    if check == "luhn":
        return len(value) in _CARD_LENGTHS
    if check == "gb11643":
        return _birthday_errors(value) <= 1
    return len(value) == 18 and any(char.isalpha() for char in value[8:17])


def luhn(value: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    if not value.isdecimal():
        return False
    doubled = [int(char) * (2 if i % 2 else 1) for i, char in enumerate(reversed(value))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def _resident_id(value: str) -> bool:
    if _birthday_errors(value):
        return False
    if len(value) == 15:
        return True
    return _ID_CHECKS[sum(int(char) * weight for char, weight in zip(value, _ID_WEIGHTS, strict=False)) % 11] == value[17]


def _birthday_errors(value: str) -> int:
    """How many of month and day are impossible; 9 where the form is another one."""
    if not value[:-1].isdecimal() or len(value) not in {15, 18}:
        return 9
    month, day = (int(value[10:12]), int(value[12:14])) if len(value) == 18 else (int(value[8:10]), int(value[10:12]))
    wrong_month = not 1 <= month <= 12
    return int(wrong_month) + int(not 1 <= day <= (31 if wrong_month else _DAYS[month - 1]))


def _credit_code(value: str) -> bool:
    if len(value) != 18 or any(char not in _CREDIT for char in value):
        return False
    total = sum(_CREDIT.index(char) * weight for char, weight in zip(value, _CREDIT_WEIGHTS, strict=False))
    return _CREDIT[(31 - total % 31) % 31] == value[17]
