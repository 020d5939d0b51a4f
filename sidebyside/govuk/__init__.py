"""GOV.UK Design System forms: a crispy template pack, a date of three boxes, and the words of error messages."""
