"""Pure statistics: functions of numbers that know nothing of papers."""
