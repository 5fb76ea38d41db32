import Reports
import Testing

@Suite struct TableTests {
    @Test func columnsAreAligned() {
        var table = Table([.init("Route"), .init("Count", .right), .init("Note")])
        table.append(["GET /ü", "1,204", ""])
        table.append(["POST /a", "7", "é"])
        #expect(
            table.text(indent: 2) == """
                  Route    Count  Note
                  GET /ü   1,204
                  POST /a      7  é

                """
        )
    }

    @Test func withoutTitlesThereIsNoHead() {
        var table = Table([.init(""), .init("", .right)])
        table.append(["p50", "1"])
        table.append(["p99", "20"])
        #expect(table.text() == "p50   1\np99  20\n")
        #expect(Table([.init("")]).text() == "")
    }

    @Test func styleIsForTerminalsOnly() {
        let table = Table([.init("A")])
        #expect(table.text() == "A\n")
        #expect(table.text(isStyled: true) == "\u{1B}[1mA\u{1B}[0m\n")
    }

    @Test func cellsAreCutAndTamed() {
        var table = Table([.init("A", maximumWidth: 4), .init("B", .right)])
        table.append(["abcdef", "\u{1B}[31m\n\u{202E}"])
        table.append(["abcd", "x"])
        #expect(table.text() == "A           B\nabc…  ·[31m··\nabcd        x\n")
    }
}
