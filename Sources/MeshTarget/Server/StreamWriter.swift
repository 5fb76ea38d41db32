/// Writes what an event stream of the state has to say, as far as its reader takes it.
final class StreamWriter: ServedStream {
    private let id: MeshStreamID
    private let room: MeshRoom
    private unowned let handler: ExchangeHandler<MeshRoom>

    init(_ id: MeshStreamID, room: MeshRoom, handler: ExchangeHandler<MeshRoom>) {
        self.id = id
        self.room = room
        self.handler = handler
    }

    func resume() {
        var bytes: [UInt8] = []
        while handler.isWritable {
            bytes.removeAll(keepingCapacity: true)
            let progress = room.pull(id, into: &bytes)
            if !bytes.isEmpty { handler.send(bytes) }
            switch progress {
            case .more: continue
            case .waiting: return
            case .ended: return handler.endStream()
            }
        }
    }

    func close() {
        room.closeStream(id)
    }
}
