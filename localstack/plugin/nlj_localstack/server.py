"""LocalStack's web server, on the addresses it was told and no others.

The server of LocalStack 4.14 listens on every interface, whatever the host part of GATEWAY_LISTEN says.
"""

from localstack import config
from localstack.aws.serving.twisted import TLSMultiplexerFactory
from localstack.runtime.server.core import RuntimeServer, RuntimeServerPlugin
from localstack.runtime.server.twisted import TwistedRuntimeServer
from rolo.gateway import Gateway
from rolo.serving.twisted import TwistedGateway
from twisted.internet import endpoints, reactor, ssl


class HostServerPlugin(RuntimeServerPlugin):
    name = "nlj"

    def load(self, *_args: object, **_kwargs: object) -> RuntimeServer:
        return HostServer()


class HostServer(TwistedRuntimeServer):
    def register(
        self,
        gateway: Gateway,
        listen: list[config.HostAndPort],
        ssl_creds: tuple[str, str] | None = None,
    ) -> None:
        site = TwistedGateway(gateway)
        factory = site
        if ssl_creds:
            certificate, key = ssl_creds
            context = ssl.DefaultOpenSSLContextFactory(key, certificate)
            context.getContext().use_certificate_chain_file(certificate)
            factory = TLSMultiplexerFactory(context, False, site)
        for address in listen:
            endpoint = (
                endpoints.TCP6ServerEndpoint if config.is_ipv6_address(address.host) else endpoints.TCP4ServerEndpoint
            )
            endpoint(reactor, address.port, interface=address.host).listen(factory)
