import CCurl
import CEvents
import Glibc
import Replay
import Transports

/// Connections that libcurl opens and others speak over, many at once on one poller.
///
/// Only the thread of the event loop touches it.
final class CurlSockets {
    /// Connections of one multi handle. For each call that sends or receives, libcurl looks through the handle's
    /// connections for the right one, and each handle reads the certificates anew: the first wants few, the second many.
    private static let groupSize = 256
    /// Bytes taken from a connection at once, and how often before others have their turn.
    private static let receiveCapacity = 64 << 10
    private static let receiveTurns = 16
    /// Bytes taken at once from a connection that is read slowly.
    private static let slowCapacity = 1_024
    /// Pieces whose memory is kept for those to come.
    private static let keptPieces = 64

    private struct Group {
        let multi: MultiHandle
        var count = 0
    }

    let poller: Poller
    /// Where the connections come from.
    let sources: SourceAddresses
    private var groups: [Group] = []
    private var sockets: [ObjectIdentifier: CurlSocket] = [:]
    /// By descriptor: the group that waits for it while a connection is being opened, -1 for none.
    private var groupOfDescriptor: [Int32] = []
    /// By descriptor: the connection that is open.
    private var opened: [CurlSocket?] = []
    /// Connections that may have more than was read.
    private var unread: [CurlSocket] = []
    /// When connections that are read slowly are read next, by descriptor.
    private var pauses = DeadlineHeap()
    private var pieces: [SocketPiece] = []
    private let buffer: UnsafeMutableRawBufferPointer
    private(set) var lacks = TransportLacks()

    init(poller: Poller, sources: SourceAddresses) {
        self.poller = poller
        self.sources = sources
        buffer = .allocate(byteCount: Self.receiveCapacity, alignment: 16)
    }

    deinit {
        for socket in sockets.values { groups[socket.group].multi.remove(socket.easy) }
        buffer.deallocate()
    }

    /// Connections that are open or being opened.
    var count: Int { sockets.count }

    /// When ``actOnTime(_:)`` is to be called although nothing has happened.
    var deadline: MonotonicTime? {
        guard unread.isEmpty else { return 0 }
        let next = groups.lazy.compactMap(\.multi.deadline).min()
        guard let pause = pauses.first else { return next }
        return min(next ?? pause, pause)
    }

    /// Begins to open a connection.
    func open(_ socket: CurlSocket) throws {
        precondition(socket.group < 0, "the connection is open already")
        let number = try groups.firstIndex { $0.count < Self.groupSize } ?? addGroup()
        socket.group = number
        groups[number].count += 1
        sockets[ObjectIdentifier(socket)] = socket
        try groups[number].multi.add(socket.easy)
    }

    /// Closes a connection, if it is open or being opened; nothing of it is told any more.
    func close(_ socket: CurlSocket) {
        guard sockets.removeValue(forKey: ObjectIdentifier(socket)) != nil else { return }
        let (group, descriptor) = (socket.group, socket.descriptor)
        if descriptor >= 0 { opened[Int(descriptor)] = nil }
        socket.detach()
        groups[group].count -= 1
        groups[group].multi.remove(socket.easy)
        if descriptor >= 0 { poller.opened(descriptor) }
    }

    private func addGroup() throws -> Int {
        let number = groups.count
        let multi = try MultiHandle(poller: poller, connections: Self.groupSize, isLimit: false)
        multi.noteWatched = { [unowned self] descriptor in note(descriptor, group: Int32(number)) }
        groups.append(Group(multi: multi))
        return number
    }

    /// Says who waits for a descriptor: a group, or -1 for somebody else.
    func note(_ descriptor: Int32, group: Int32) {
        let place = Int(descriptor)
        while groupOfDescriptor.count <= place {
            groupOfDescriptor.append(-1)
            opened.append(nil)
        }
        groupOfDescriptor[place] = group
    }

    func noteFailedSocket(_ error: Int32) {
        if error == EMFILE || error == ENFILE { lacks.descriptors += 1 }
    }

    /// Takes events of a descriptor; `false` where they are for somebody else.
    func act(on descriptor: Int32, events: UInt32) throws -> Bool {
        let place = Int(descriptor)
        guard place < opened.count else { return false }
        if let socket = opened[place] {
            turn(socket)
            return true
        }
        guard groupOfDescriptor[place] >= 0 else { return false }
        let multi = groups[Int(groupOfDescriptor[place])].multi
        try multi.act(on: descriptor, events: events)
        takeOpened(by: multi)
        return true
    }

    /// Does what is due at `now`.
    func actOnTime(_ now: MonotonicTime) throws {
        for group in groups.indices {
            let multi = groups[group].multi
            guard let deadline = multi.deadline, deadline <= now else { continue }
            try multi.actOnTime(now)
            takeOpened(by: multi)
        }
        while let due = pauses.popDue(now) {
            guard let socket = opened[due.slot], socket.pausedUntil == due.time else { continue }
            if socket.pause(until: 0) {
                turn(socket)
            } else {
                socket.speaker.ended(CurlResult(CURLE_RECV_ERROR))
            }
        }
        guard !unread.isEmpty else { return }
        let waiting = unread
        unread.removeAll(keepingCapacity: true)
        for socket in waiting { turn(socket) }
    }

    /// What has come says more than a failure to send.
    private func turn(_ socket: CurlSocket) {
        read(socket)
        if socket.isOpen { socket.speaker.send() }
    }

    /// Tells of connections that are there now, or will not be.
    ///
    /// Before anything else is done with the handle: until something is sent or received, libcurl takes a connection for
    /// an idle one.
    private func takeOpened(by multi: MultiHandle) {
        while let (easy, code) = multi.nextEnd() {
            guard let socket = HandleOwner.of(easy, as: CurlSocket.self) else { continue }
            let speaker = socket.speaker
            guard code == CURLE_OK, socket.attach() else {
                var error = 0
                tapedeck_curl_get_long(easy, CURLINFO_OS_ERRNO, &error)
                if code != CURLE_OK, error == Int(EADDRNOTAVAIL) { lacks.ports += 1 }
                speaker.failed(CurlResult(code == CURLE_OK ? CURLE_COULDNT_CONNECT : code))
                continue
            }
            note(socket.descriptor, group: -1)
            opened[Int(socket.descriptor)] = socket
            speaker.connected()
            // With the last of its handshake, TLS may have read what comes behind it.
            turn(socket)
        }
    }

    private func read(_ socket: CurlSocket) {
        guard socket.isOpen else { return }
        let speaker = socket.speaker
        if let bytesPerSecond = socket.bytesPerSecond {
            readSlowly(socket, bytesPerSecond)
            return
        }
        for _ in 0..<Self.receiveTurns {
            guard socket.isOpen else { return }
            switch socket.receive(into: buffer) {
            case .bytes(let count):
                let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
                speaker.receive(bytes.bindMemory(to: UInt8.self).span)
            case .nothingYet: return
            case .end(let failure):
                speaker.ended(failure)
                return
            }
        }
        unread.append(socket)
    }

    private func readSlowly(_ socket: CurlSocket, _ bytesPerSecond: Int) {
        guard socket.pausedUntil == 0 else { return }
        switch socket.receive(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<Self.slowCapacity])) {
        case .bytes(let count):
            let span = MonotonicTime(count) * 1_000_000_000 / MonotonicTime(max(1, bytesPerSecond))
            let until = MonotonicClock.now + span
            guard socket.pause(until: until) else {
                socket.speaker.ended(CurlResult(CURLE_RECV_ERROR))
                return
            }
            pauses.insert(DeadlineHeap.Entry(time: until, slot: Int(socket.descriptor), serial: 0))
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            socket.speaker.receive(bytes.bindMemory(to: UInt8.self).span)
        case .nothingYet: break
        case .end(let failure): socket.speaker.ended(failure)
        }
    }

    func takePiece() -> SocketPiece { pieces.popLast() ?? SocketPiece() }

    func keep(_ piece: SocketPiece) { if pieces.count < Self.keptPieces { pieces.append(piece) } }
}
