import Replay
import Transports

/// Requests to go over to WebSocket: libcurl opens their connections, and the rest is done here.
extension CurlMulti {
    func startSession(_ request: PreparedRequest, as id: TransferID) throws {
        let sockets = sockets ?? makeSockets()
        sessionCount &+= 1
        let session = CurlSession(request, as: id, serial: sessionCount, multi: self, at: MonotonicClock.now)
        sessions[id] = session
        try session.begin(sockets)
        shareConnections()
    }

    func endSession(_ id: TransferID) {
        guard let session = sessions.removeValue(forKey: id) else {
            preconditionFailure("transfer \(id) ended twice")
        }
        session.end(nil)
    }

    func closeSocket(_ socket: CurlSocket) {
        sockets?.close(socket)
        shareConnections()
    }

    /// Looks at a session whose time has come; one that has been heard of since then only waits anew.
    func actOnSession(_ due: DeadlineHeap.Entry, at now: MonotonicTime) {
        guard let session = sessions[due.slot], session.serial == due.serial, session.timer == due.time else {
            return
        }
        session.act(at: now)
    }
}
