import LoadPlans
import Testing

/// What /proc says of processes, their sockets and the network around them.
@Suite struct ProcessSampleTests {
    private static let heading = """
        Inter-|   Receive                                                |  Transmit
         face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed

        """

    @Test(
        arguments: [
            (
                "    lo: 93 2 0 0 0 0 0 0 93 2 0 0 0 0 0 0\n  eth0: 137 24 0 0 0 0 0 0 99 13 0 0 0 0 0 0\n",
                NetworkTraffic(loopback: 93, received: 137, sent: 99), "as it stands there"
            ),
            (
                "eth0:137 24 0 0 0 0 0 0 99 13 0 0 0 0 0 0\n",
                NetworkTraffic(loopback: 0, received: 137, sent: 99),
                "no blank behind the colon, no loopback"
            ),
            (
                "a: 1 0 0 0 0 0 0 0 2 0 0 0 0 0 0 0\nb: 10 0 0 0 0 0 0 0 20 0 0 0 0 0 0 0",
                NetworkTraffic(loopback: 0, received: 11, sent: 22), "two devices, and no end of line"
            ),
            (
                "a: 18446744073709551615 0 0 0 0 0 0 0 1 0 0 0 0 0 0 0\nb: 2 0 0 0 0 0 0 0 1 0 0 0 0 0 0 0\n",
                NetworkTraffic(loopback: 0, received: 1, sent: 2), "a sum beyond what there is room for"
            ),
            ("a: -1 0 0 0 0 0 0 0 2 0 0 0 0 0 0 0\n", nil, "no such number"),
            ("a: 1 2 3\n", nil, "a line that was cut"),
            ("", nil, "no device"),
        ] as [(String, NetworkTraffic?, String)]
    )
    func devicesAreRead(_ lines: String, _ traffic: NetworkTraffic?, _ reason: String) {
        #expect(NetworkTraffic(devices: Self.heading + lines) == traffic, "\(reason)")
    }

    /// A line of /proc/net/tcp.
    private static func line(_ state: String, _ queues: String, _ inode: String) -> String {
        "   0: 0100007F:B2D5 00000000:0000 \(state) \(queues) 00:00000000 00000000     0        0 \(inode) 1 00000000f64d8437 100 0 0 10 0\n"
    }

    @Test(
        arguments: [
            (line("01", "0000000A:00000005", "7"), ["1 10 5 7"], "an open connection"),
            (line("0A", "00000000:00000003", "8"), ["10 0 3 8"], "a socket that listens"),
            (
                line("01", "0:1", "1") + line("06", "0:0", "0"), ["1 0 1 1", "6 0 0 0"],
                "two, the second of which nobody holds"
            ),
            (
                "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n", [],
                "the heading"
            ),
            ("0: a b 01 0:1 t r u o 1", ["1 0 1 1"], "nothing behind the inode"),
            (line("01", "00", "1"), [], "queues without a colon"),
            (line("01", "0:", "1"), [], "half of the queues"),
            (line("100", "0:0", "1"), [], "a state beyond what there is"),
            (line("01", "11111111111111111:0", "1"), [], "a number beyond what there is room for"),
            (line("01", "0:0", "-1"), [], "no such inode"),
            (line("01", "0:0", "f"), [], "an inode is decimal"),
            ("   0: 0100007F:B2D5\n\n\n", [], "a line that was cut, and empty ones"),
        ] as [(String, [String], String)]
    )
    func socketsAreRead(_ text: String, _ rows: [String], _ reason: String) {
        var found: [String] = []
        TCPTable.read(Array(text.utf8).span) {
            found.append("\($0.state) \($0.sendQueue) \($0.receiveQueue) \($0.inode)")
        }
        #expect(found == rows, "\(reason)")
    }

    /// However long a table is, so many rows of it are read.
    @Test func aTableWithoutEndIsBounded() {
        let line = Array("0: a b 01 0:0 t r u o 1\n".utf8)
        var text: [UInt8] = []
        for _ in 0..<(TCPTable.limit + 10) { text += line }
        var count = 0
        TCPTable.read(text.span) { _ in count += 1 }
        #expect(count == TCPTable.limit)
    }

    @Test(
        arguments: [
            ("socket:[123]", 123 as UInt64?), ("socket:[]", nil), ("socket:[-1]", nil), ("pipe:[123]", nil),
            ("/dev/null", nil), ("socket:[123", nil), (nil, nil),
        ] as [(String?, UInt64?)]
    )
    func descriptorsNameSockets(_ link: String?, _ inode: UInt64?) {
        #expect(TCPTable.inode(of: link) == inode)
    }

    private static func process(_ change: (inout ProcessSample) -> Void) -> ProcessSample {
        var sample = ProcessSample()
        change(&sample)
        return sample
    }

    /// Samples of the network among those of a look, as `name value`.
    private static func network(_ now: ProcessSample, since before: ProcessSample?) -> [String] {
        now.samples(named: "a", since: before, seconds: 2).filter {
            $0.name.contains("_tcp_") || $0.name.contains("_namespace_")
        }
        .map { "\($0.name.dropFirst(8).prefix { $0 != "{" }) \($0.value)" }
    }

    @Test func whatTheNamespaceCarriedIsARate() {
        let before = Self.process {
            $0.traffic = [
                "1": NetworkTraffic(loopback: 10, received: 100, sent: 1_000),
                "2": NetworkTraffic(loopback: 0, received: 500, sent: 500),
            ]
        }
        let now = Self.process {
            $0.traffic = [
                "1": NetworkTraffic(loopback: 30, received: 140, sent: 1_060),
                // Counters that have begun anew have grown by nothing that is known.
                "2": NetworkTraffic(loopback: 0, received: 100, sent: 510),
                // Nobody knows what it carried before.
                "3": NetworkTraffic(loopback: 7, received: 7, sent: 7),
            ]
        }
        #expect(
            Self.network(now, since: before) == [
                "namespace_loopback_bytes_per_second 10.0", "namespace_received_bytes_per_second 20.0",
                "namespace_sent_bytes_per_second 35.0",
            ]
        )
        #expect(Self.network(now, since: nil).isEmpty)
        #expect(Self.network(now, since: Self.process { _ in }).isEmpty)
        // Two processes of one namespace see the same bytes.
        var sum = before
        sum.add(before)
        #expect(sum.traffic == before.traffic)
    }

    @Test func socketsAreToldOfWhereSomebodyLooked() {
        let now = Self.process {
            var sockets = SocketSample()
            for text in [
                Self.line("01", "A:5", "1"), Self.line("08", "1:2", "2"), Self.line("0A", "0:3", "3"),
                Self.line("07", "9:9", "4"),
            ] { TCPTable.read(Array(text.utf8).span) { sockets.add($0) } }
            $0.sockets = sockets
        }
        #expect(
            Self.network(now, since: nil) == [
                "tcp_connections 2.0", "tcp_unaccepted 3.0", "tcp_unread_bytes 7.0",
                "tcp_unacknowledged_bytes 11.0",
            ]
        )
        #expect(Self.network(Self.process { _ in }, since: nil).isEmpty)
    }
}
