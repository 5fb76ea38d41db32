import Messages
import Packets
import Testing
import TraceBrowser
import Traces

@Suite struct TraceOutlineTests {
    @Test func aRowIsAsLargeAsItSays() {
        #expect(MemoryLayout<ExchangeRow>.stride == 64)
    }

    @Test func anExchangeBecomesARow() throws {
        var script = TraceScript()
        script.open(7)
        script.exchange(
            0,
            "POST",
            "/api/runs/17?x=1",
            status: 202,
            body: "{}",
            answer: "{\"id\":1}",
            connection: 7,
            at: 5
        )
        let outline = TraceOutline(of: script)
        let row = try #require(outline.rows.first)
        #expect(outline.rows.count == 1)
        #expect(outline.routes[Int(row.route)] == .init(method: "POST", template: "/api/runs/{id}"))
        #expect(row.status == 202)
        #expect(row.start == TraceScript.start + 5_000_000)
        #expect(row.duration == 2_000, "from the start of the request to the end of the response")
        #expect(row.requestBytes == 2)
        #expect(row.responseBytes == 8)
        #expect(outline.connections[Int(row.connection)].number == 7)
        #expect(row.shownFlags == [])
    }

    @Test func rowsAreSortedByStartAndFoundByNumber() {
        var script = TraceScript()
        for (number, time) in [(0, 30), (1, 10), (2, 20)] { script.exchange(UInt64(number), at: Int64(time)) }
        let outline = TraceOutline(of: script)
        #expect(outline.rows.map(\.exchange) == [1, 2, 0])
        #expect(outline.rowIndex(of: 0) == 2)
        #expect(outline.rowIndex(of: 9) == nil)
    }

    /// A short answer to a long upload ends first, and its record stands first.
    @Test func aResponseMayComeBeforeItsRequest() throws {
        var script = TraceScript()
        script.add(.response, 3, "HTTP/1.1 413 Too Large", times: 4...5)
        script.add(.request, 3, "POST /up HTTP/1.1\nHost: a", body: [1], times: 1...9)
        let row = try #require(TraceOutline(of: script).rows.first)
        #expect(row.status == 413)
        #expect(row.start == TraceScript.start + 1_000_000)
        #expect(row.request.isKnown && row.response.isKnown)
    }

    @Test func anInterimResponseIsNotTheAnswer() throws {
        var script = TraceScript()
        script.add(.request, 0, "POST /up HTTP/1.1\nHost: a", body: [1], times: 0...3)
        script.add(.response, 0, "HTTP/1.1 100 Continue", times: 1...1, flags: .interim)
        script.add(.response, 0, "HTTP/1.1 201 Created", times: 4...6)
        let row = try #require(TraceOutline(of: script).rows.first)
        #expect(row.status == 201)
        #expect(row.duration == 6_000)
    }

    @Test func whatIsMissingIsSaid() {
        var script = TraceScript()
        script.add(.request, 0, "GET / HTTP/1.1\nHost: a", times: 0...0)
        script.add(.response, 1, "HTTP/1.1 200 OK", times: 1...1, flags: .noRequest)
        script.add(.request, 2, "no head at all", times: 2...2)
        let outline = TraceOutline(of: script)
        #expect(outline.rows[0].shownFlags == .noResponse)
        #expect(outline.rows[0].duration == ExchangeRow.unknown)
        #expect(outline.rows[1].shownFlags == .noRequest)
        #expect(outline.rows[2].route == TraceOutline.unknownRoute)
    }

    /// Numbers and times are a stranger's.
    @Test func extremeNumbersAndTimesDoNoHarm() {
        var script = TraceScript()
        for (exchange, time) in [(UInt64.max, Int64.min), (0, Int64.max), (1 << 40, 0)] {
            var head = HeadRecord(
                kind: .request,
                exchange: exchange,
                connection: .max,
                start: PacketTime(nanoseconds: time),
                encoding: .http1,
                bytes: Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8),
                framing: .none
            )
            let end = EndRecord(
                kind: .request,
                exchange: exchange,
                connection: .max,
                time: PacketTime(nanoseconds: .max),
                wireLength: .max,
                flags: []
            )
            script.records.append(.whole(head, body: [], end))
            head.kind = .response
            head.bytes = Array("HTTP/1.1 999 ?\r\n\r\n".utf8)
            var answer = end
            answer.kind = .response
            script.records.append(.whole(head, body: [], answer))
        }
        let outline = TraceOutline(of: script)
        #expect(outline.rows.count == 3)
        #expect(outline.rows.allSatisfy { $0.requestBytes == .max && $0.duration < ExchangeRow.unknown })
        let view = outline.view(TraceOutline.Selection(), over: Int64.min..<Int64.max, columns: 10)
        #expect(view.total == 3)
        #expect(outline.rowIndex(of: 1 << 40) != nil)
    }

    @Test func limitsAreCounted() {
        var limits = BrowserLimits()
        limits.exchanges = 3
        limits.routes = 4
        limits.connections = 1
        var script = TraceScript()
        script.open(0)
        script.open(1)
        for number in 0..<5 {
            script.exchange(
                UInt64(number),
                "GET",
                "/route-\(["a", "b", "c", "d", "e"][number])",
                connection: 1,
                at: Int64(number)
            )
        }
        let outline = TraceOutline(of: script, limits: limits)
        #expect(outline.rows.count == 3)
        #expect(outline.leftOut.exchanges == 2)
        #expect(outline.connections.count == 1)
        #expect(outline.rows.map(\.route) == [2, 3, TraceOutline.otherRoute])
        #expect(outline.rows.allSatisfy { $0.connection == ExchangeRow.unknown })
    }
}

@Suite struct OutlineViewTests {
    /// Twelve exchanges, one each 10 ms: statuses 200, 404, 500 and none in turn, on two connections.
    static let outline: TraceOutline = {
        var script = TraceScript()
        script.open(0, client: 0x0A00_0001)
        script.open(1, client: 0x0A00_0002)
        for number in 0..<UInt64(12) {
            let target = number % 2 == 0 ? "/even/\(number)" : "/odd"
            let status = [200, 404, 500, 0][Int(number % 4)]
            if status == 0 {
                script.add(
                    .request,
                    number,
                    "POST \(target) HTTP/1.1\nHost: a",
                    connection: number % 2,
                    times: Int64(number) * 10...Int64(number) * 10
                )
            } else {
                script.exchange(
                    number,
                    "GET",
                    target,
                    status: status,
                    connection: number % 2,
                    at: Int64(number) * 10
                )
            }
        }
        return TraceOutline(of: script)
    }()

    static func numbers(_ query: String, _ times: Range<Int64>? = nil) throws -> [UInt64] {
        let range = times.map {
            TraceScript.start + $0.lowerBound * 1_000_000..<TraceScript.start + $0.upperBound * 1_000_000
        }
        let selection = TraceOutline.Selection(try ExchangeQuery(query), times: range)
        let page = outline.page(selection, offset: 0, count: 100)
        #expect(page.total == page.rows.count)
        #expect(
            outline.view(selection, over: 0..<1, columns: 0).total == UInt64(page.total),
            "both count alike"
        )
        return page.rows.map(\.exchange)
    }

    @Test(arguments: [
        ("", Array(0..<12)), ("status=404", [1, 5, 9]), ("status=4xx,5xx", [1, 2, 5, 6, 9, 10]),
        ("status=none", [3, 7, 11]),
        ("status!=none status!=2xx", [1, 2, 5, 6, 9, 10]), ("method=POST", [3, 7, 11]),
        ("method!=post", [0, 1, 2, 4, 5, 6, 8, 9, 10]),
        ("route=/even/*", [0, 2, 4, 6, 8, 10]), ("route=/EVEN/{id}", [0, 2, 4, 6, 8, 10]),
        ("route!=/odd status=200", [0, 4, 8]),
        ("connection=1 status=404", [1, 5, 9]), ("connection!=1 status=404", []),
        ("client=10.0.0.2 status=404,200", [1, 5, 9]),
        ("client=10.0.0.1:4711 status=500", [2, 6, 10]), ("flag=no-response", [3, 7, 11]),
        ("flag!=no-response status=none", []),
        ("slower=2ms method=GET status=200", [0, 4, 8]), ("slower=3ms", []), ("connection=5", []),
        ("session=0", []),
    ]) func aQuerySelects(query: String, expected: [Int]) throws {
        #expect(try Self.numbers(query) == expected.map(UInt64.init))
    }

    @Test func aRangeSelectsByStart() throws {
        #expect(try Self.numbers("", 20..<40) == [2, 3])
        #expect(try Self.numbers("status=none", 20..<40) == [3])
        #expect(try Self.numbers("", 500..<600) == [])
    }

    @Test func sessionsAreTheClientsWhereNothingElseTells() throws {
        let session = String(Self.outline.rows[1].session, radix: 16)
        #expect(try Self.numbers("session=\(session)") == [1, 3, 5, 7, 9, 11])
    }

    @Test func pagesAreParts() throws {
        let selection = TraceOutline.Selection(try ExchangeQuery("status=404"))
        let page = Self.outline.page(selection, offset: 1, count: 1)
        #expect(page.rows.map(\.exchange) == [5])
        #expect(page.total == 3)
        #expect(Self.outline.page(selection, offset: 9, count: 9).rows.isEmpty)
    }

    @Test func columnsHoldEveryExchangeOfTheRangeOnce() {
        let start = TraceScript.start
        let view = Self.outline.view(TraceOutline.Selection(), over: start..<start + 120_000_000, columns: 4)
        #expect(view.columns.map(\.succeeded) == [1, 1, 1, 0])
        #expect(view.columns.reduce(0) { $0 + $1.succeeded + $1.refused + $1.failed + $1.unanswered } == 12)
        #expect(view.columns.map(\.slowest).max() == 2_000)
        #expect(view.statuses == [200: 3, 404: 3, 500: 3, 0: 3])
        #expect(view.routes.map(\.count).reduce(0, +) == 12)
        #expect(view.routes.map(\.failed).reduce(0, +) == 6)
        let odd = Self.outline.view(TraceOutline.Selection(), over: start..<start + 7, columns: 3)
        #expect(odd.columns.map(\.succeeded) == [1, 0, 0], "what lies beyond the range is in no column")
    }
}
