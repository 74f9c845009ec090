"""What a visitor keeps: shops and products, without an account, in lists that may be shown to others."""
