"""Certificates of a JupyterHub whose parts speak TLS with each other (`internal_ssl`)."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass

from jupyterlab_al.client.errors import NoServerError


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificates:
    """Paths of what this person's server shows, and of whom it trusts."""

    keyfile: str
    certfile: str
    client_ca: str

    @classmethod
    def of_hub(cls, environment: Mapping[str, str]) -> Certificates | None:
        """Return what the Hub left in the environment, if its parts speak TLS."""
        names = ("KEYFILE", "CERTFILE", "CLIENT_CA")
        paths = {name.lower(): environment.get(f"JUPYTERHUB_SSL_{name}", "") for name in names}
        return cls(**paths) if all(paths.values()) else None

    def context(self) -> ssl.SSLContext:
        """Return what a request is sent with: it shows the certificate and trusts the Hub's.

        Raises
        ------
        NoServerError
            The files can't be read.
        """
        try:
            context = ssl.create_default_context(cafile=self.client_ca)
            # The server of this kernel has the same files, so it shows this very certificate; who
            # signed it need not be among those whom the Hub lets it trust.
            context.load_verify_locations(self.certfile)
            context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
            context.load_cert_chain(self.certfile, self.keyfile)
        except OSError as error:
            raise NoServerError(
                f"The certificates that JupyterHub names in JUPYTERHUB_SSL_KEYFILE, "
                f"JUPYTERHUB_SSL_CERTFILE and JUPYTERHUB_SSL_CLIENT_CA can't be used ({error}). "
                "Restart your server from the Hub's control panel, or name its public address: "
                'al.connect("https://…", token="…").'
            ) from error
        return context
