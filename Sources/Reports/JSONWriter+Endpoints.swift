import JSON
import Packets
import Recording

extension JSONWriter {
    /// Writes the member `endpoints`: an array with the ledger of each server.
    mutating func endpoints(_ servers: [EndpointLedger]) {
        key("endpoints")
        beginArray()
        for server in servers {
            beginObject()
            member("server", server.server.description)
            counts("ledger", server.ledger.counts)
            endObject()
        }
        endArray()
    }
}
