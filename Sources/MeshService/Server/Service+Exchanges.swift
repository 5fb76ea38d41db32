import MeshTarget
import NIOCore
import NIOHTTP1

extension Service: ExchangeService {
    var date: MeshTime { MeshTime(nanoseconds: now) }
    var writeStall: TimeAmount { .seconds(30) }

    func openConnection() -> Bool {
        counts.connections &+= 1
        guard counts.openConnections < options.connections else {
            counts.refusedConnections &+= 1
            return false
        }
        counts.openConnections += 1
        return true
    }

    func closeConnection() {
        counts.openConnections -= 1
    }

    func answer(_ head: HTTPRequestHead, body: [UInt8], _ exchange: HTTPExchange<Service>) {
        working { answer(ServiceRequest(head, body: body), Exchange(exchange, service: self)) }
    }

    func refuse(_ head: HTTPRequestHead, _ exchange: HTTPExchange<Service>) {
        let exchange = Exchange(exchange, service: self)
        exchange.route = ServiceRoute.hook("").template
        exchange.reply(MeshState.tooLong)
    }

    func countBrokenConnection() {
        counts.brokenConnections &+= 1
    }

    func countSlowReader() {
        counts.slowReaders &+= 1
    }
}
