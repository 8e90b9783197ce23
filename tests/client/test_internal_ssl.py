"""A kernel on a JupyterHub whose parts speak TLS with each other, and with nobody else."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import jupyterlab_al as al
from benchmarks.servers import free_port
from jupyterlab_al.client import servers
from jupyterlab_al.client.certificates import Certificates
from jupyterlab_al.client.http import Http

Pair = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]
TOKEN = "secret"
SCRIPT = """
import jupyterlab_al as al
project = al.create(f"tls-{__import__('os').getpid()}", ["a b", "c d", "e f"], classes=["x", "y"])
project.label({0: "x", 2: "y"})
print(project.labels().to_dict())
"""


def signed(name: str, by: Pair | None = None) -> Pair:
    """Return a certificate for this machine and its key; without `by` that of an authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer, signer = (subject, key) if by is None else (by[0].subject, by[1])
    today = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    built = (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
    )
    return built.sign(signer, hashes.SHA256()), key


def files_of(folder: Path, pair: Pair, *, authority: Pair) -> Certificates:
    """Write certificate, key and whom to trust, as the Hub does for a person's server."""
    certificate, key = pair
    pem = serialization.Encoding.PEM
    contents = {
        "keyfile": key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
        "certfile": certificate.public_bytes(pem),
        "client_ca": authority[0].public_bytes(pem),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return Certificates(**{name: str(folder / name) for name in contents})


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Return what a Hub gives to one person's server."""
    authority = signed("notebooks-ca")
    folder = tmp_path_factory.mktemp("internal-ssl")
    return files_of(folder, signed("user-ann", by=authority), authority=authority)


@pytest.fixture(scope="module")
def environment(
    certificates: Certificates, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """Return what the Hub leaves in the environment of that server and its kernels."""
    port = free_port()
    folder = tmp_path_factory.mktemp("ann")
    return {
        "JUPYTERHUB_SERVICE_PREFIX": "/user/ann/",
        "JUPYTERHUB_SERVICE_URL": f"https://127.0.0.1:{port}/user/ann/",
        "JUPYTERHUB_API_TOKEN": TOKEN,
        "JUPYTERHUB_SSL_KEYFILE": certificates.keyfile,
        "JUPYTERHUB_SSL_CERTFILE": certificates.certfile,
        "JUPYTERHUB_SSL_CLIENT_CA": certificates.client_ca,
        **{
            f"JUPYTER_{name}_DIR": str(folder / name.lower())
            for name in ("CONFIG", "DATA", "RUNTIME")
        },
    }


@pytest.fixture(scope="module")
def guarded(environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """Return the environment of a kernel whose server demands a certificate of who asks."""
    root = Path(environment["JUPYTER_DATA_DIR"]).parent
    settings = {
        "ServerApp.jpserver_extensions": repr({"jupyterlab_al": True}),
        "ServerApp.certfile": environment["JUPYTERHUB_SSL_CERTFILE"],
        "ServerApp.keyfile": environment["JUPYTERHUB_SSL_KEYFILE"],
        "ServerApp.client_ca": environment["JUPYTERHUB_SSL_CLIENT_CA"],
        "ServerApp.port": environment["JUPYTERHUB_SERVICE_URL"].split(":")[2].split("/")[0],
        "ServerApp.port_retries": 0,
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "ServerApp.base_url": environment["JUPYTERHUB_SERVICE_PREFIX"],
        "ServerApp.root_dir": root,
        "IdentityProvider.token": TOKEN,
        "ActiveLearning.data_dir": root / "al",
    }
    command = [sys.executable, "-m", "jupyter_server"]
    command += [f"--{name}={value}" for name, value in settings.items()]
    whole = {**os.environ, **environment}
    with (root / "log").open("wb") as log:
        process = subprocess.Popen(command, env=whole, stdout=log, stderr=log)
    try:
        end = time.monotonic() + 120
        while not _answers(servers.find(environment)):
            assert time.monotonic() < end, (root / "log").read_text()[-2000:]
            time.sleep(0.2)
        yield whole
    finally:
        process.terminate()
        process.wait(30)


def _answers(address: servers.Address) -> bool:
    try:
        Http(address).json("GET", "status")
    except al.NoServerError:
        return False
    return True


def test_a_kernel_shows_the_certificate_of_its_server(guarded: dict[str, str]) -> None:
    """What the Hub leaves in a kernel's environment is enough to speak with a guarded server."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True, text=True, timeout=120, check=False, env=guarded,
    )  # fmt: skip

    assert done.stdout.strip() == "{0: 'x', 2: 'y'}", done.stderr


def test_who_signed_a_server_need_not_be_trusted_by_it(
    guarded: dict[str, str], tmp_path: Path
) -> None:
    """A Hub may let servers trust the Hub and the proxy alone; one's own is known all the same."""
    stranger = tmp_path / "hub-ca"
    stranger.write_bytes(signed("hub-ca")[0].public_bytes(serialization.Encoding.PEM))

    address = servers.find({**guarded, "JUPYTERHUB_SSL_CLIENT_CA": str(stranger)})

    assert Http(address).json("GET", "status")["database"] == "sqlite"


def test_nobody_gets_in_without_a_certificate(
    guarded: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server of these tests does demand one: without it nothing answers."""
    monkeypatch.setattr("jupyterlab_al.client.http.PAUSES", ())
    bare = {name: value for name, value in guarded.items() if "_SSL_" not in name}

    with pytest.raises(al.NoServerError, match="certificate"):
        Http(servers.find(bare)).json("GET", "status")


def test_another_server_is_not_taken_for_ones_own(
    guarded: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Certificates that another authority signed are not trusted."""
    monkeypatch.setattr("jupyterlab_al.client.http.PAUSES", ())
    other = signed("other-ca")
    files = files_of(tmp_path, signed("user-ann", by=other), authority=other)
    given = {
        "JUPYTERHUB_SSL_KEYFILE": files.keyfile,
        "JUPYTERHUB_SSL_CERTFILE": files.certfile,
        "JUPYTERHUB_SSL_CLIENT_CA": files.client_ca,
    }

    with pytest.raises(al.NoServerError, match="certificate"):
        Http(servers.find({**guarded, **given})).json("GET", "status")


def test_certificates_that_are_gone(environment: dict[str, str], tmp_path: Path) -> None:
    """A file that can't be read is named by its variable, with what to do."""
    gone = {**environment, "JUPYTERHUB_SSL_KEYFILE": str(tmp_path / "gone")}

    with pytest.raises(al.NoServerError, match="JUPYTERHUB_SSL_KEYFILE"):
        Http(servers.find(gone))


def test_such_a_hub_is_spoken_to_by_https(environment: dict[str, str]) -> None:
    """Where the Hub names no address, its certificates tell which protocol is meant."""
    unnamed = {**environment, "JUPYTERHUB_SERVICE_URL": ""}

    assert servers.find(unnamed).url == "https://127.0.0.1:8888/user/ann/"


def test_the_public_address_of_such_a_hub_comes_first(environment: dict[str, str]) -> None:
    """Servers there trust the proxy, not the certificates that they have themselves."""
    public = "https://hub.example/user/ann/"

    found = servers.find({**environment, "JUPYTERHUB_PUBLIC_URL": public})

    assert (found.url, found.certificates, found.token) == (public, None, TOKEN)
