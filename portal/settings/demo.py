"""The environment of a demo: what production asks of the operator, made up from a directory and a port."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def demo_directory(named: str) -> Path:
    """Where a demo keeps everything it makes; a relative name starts at the project."""
    return (ROOT / named).resolve()


def sandbox_port(port: int) -> int:
    return port + 1000


def demo_environment(directory: Path, port: int) -> dict[str, str]:
    """Every variable that production asks for, DATABASE_URL excepted. None of these secrets guards anything."""
    return {
        "DJANGO_SETTINGS_MODULE": "portal.settings.dev",
        "DEMO": "1",
        "DEMO_DIR": str(directory),
        "PORT": str(port),
        "BASE_URL": f"http://localhost:{port}",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,.localhost",
        "SECRET_KEY": "achetons-demo-this-key-signs-nothing-that-matters",
        "STRIPE_SECRET_KEY": "sk_test_sandbox",
        "STRIPE_WEBHOOK_SECRETS": "whsec_sandbox",
        "STRIPE_API_BASE": f"http://localhost:{sandbox_port(port)}",
        "EMAIL_URL": (directory / "mail").as_uri(),
        "TRUSTED_PROXIES": "0",
        "DEFAULT_FROM_EMAIL": "Achetons <bonjour@demo.test>",
        "MEDIA_ROOT": str(directory / "media"),
        "STATIC_ROOT": str(directory / "static"),
    }
