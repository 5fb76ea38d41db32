import Messages
import Testing

/// Input that parsers disagree about: read as RFC 9112 says, and flagged.
struct SmugglingTests {
    @Test(arguments: [
        MessageCase.request(
            "Transfer-Encoding overrides Content-Length (section 6.3)",
            "POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
            [
                "began",
                "head POST / 1.1 [Content-Length=3] [Transfer-Encoding=chunked] chunked +chunked +smuggling",
                "body x", "end 1 +chunked +smuggling",
            ]
        ),
        .response(
            "blanks before the status and a tab after it (section 4)",
            "HTTP/1.1\t 200\tOK\r\nContent-Length: 1\r\n\r\nx",
            [
                "began", "head 200 (OK) 1.1 [Content-Length=1] length 1 +smuggling", "body x",
                "end 1 +smuggling",
            ]
        ),
        .request(
            "a vertical tab and a form feed after chunk sizes",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\u{0B}\r\nx\r\n0\u{0C}\r\n\r\n",
            [
                "began", "head POST / 1.1 [Transfer-Encoding=chunked] chunked +chunked",
                "body x", "end 1 +chunked +smuggling",
            ]
        ),
        .request(
            "equal lengths in a list are one length (RFC 9110, section 8.6)",
            "POST / HTTP/1.1\r\nContent-Length: 2, 2\r\nContent-Length: 2\r\n\r\nhi",
            [
                "began", "head POST / 1.1 [Content-Length=2, 2] [Content-Length=2] length 2 +smuggling",
                "body hi",
                "end 2 +smuggling",
            ]
        ),
        .request(
            "differing lengths: the body is not guessed at",
            "POST / HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc\r\n",
            [
                "began", "head POST / 1.1 [Content-Length=2] [Content-Length=3] none +smuggling",
                "end 0 +incomplete +smuggling", "skipped 5 unparsable",
            ]
        ),
        .request(
            "a length that is no number",
            "POST / HTTP/1.1\r\nContent-Length: +2\r\n\r\nab\r\n",
            [
                "began", "head POST / 1.1 [Content-Length=+2] none +smuggling",
                "end 0 +incomplete +smuggling",
                "skipped 4 unparsable",
            ]
        ),
        .request(
            "a length of 2^64",
            "POST / HTTP/1.1\r\nContent-Length: 18446744073709551616\r\n\r\nab\r\n",
            [
                "began", "head POST / 1.1 [Content-Length=18446744073709551616] none +smuggling",
                "end 0 +incomplete +smuggling", "skipped 4 unparsable",
            ]
        ),
        .request(
            "a request whose codings do not end in chunked has no end",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
            [
                "began",
                "head POST / 1.1 [Transfer-Encoding=chunked] [Transfer-Encoding=identity] none +smuggling",
                "end 0 +incomplete +smuggling", "skipped 5 unparsable",
            ]
        ),
        .request(
            "chunked twice",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
            [
                "began", "head POST / 1.1 [Transfer-Encoding=chunked, chunked] chunked +chunked +smuggling",
                "end 0 +chunked +smuggling",
            ]
        ),
        .request(
            "Transfer-Encoding in HTTP/1.0 (section 6.1)",
            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            [
                "began", "head POST / 1.0 [Transfer-Encoding=chunked] chunked +chunked +smuggling",
                "end 0 +chunked +smuggling",
            ]
        ),
        .request(
            "white space before the colon is not part of the name (section 5.1)",
            "POST / HTTP/1.1\r\nContent-Length \t: 1\r\n\r\nx",
            ["began", "head POST / 1.1 [Content-Length=1] length 1 +smuggling", "body x", "end 1 +smuggling"]
        ),
        .request(
            "a bare LF ends a line (section 2.2)",
            "POST / HTTP/1.1\nContent-Length: 1\n\nx",
            ["began", "head POST / 1.1 [Content-Length=1] length 1 +smuggling", "body x", "end 1 +smuggling"]
        ),
        .request(
            "obsolete line folding stays inside the value (section 5.2)",
            "GET / HTTP/1.1\r\nA: b\r\n\tc \r\n d\r\nB: e\r\n\r\n",
            ["began", "head GET / 1.1 [A=b\\r\\n\\tc \\r\\n d] [B=e] none +smuggling", "end 0 +smuggling"]
        ),
        .request(
            "a coding in a folding is one all the same",
            "POST / HTTP/1.1\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
            [
                "began", "head POST / 1.1 [Transfer-Encoding=chunked] chunked +chunked +smuggling",
                "end 0 +chunked +smuggling",
            ]
        ),
        .request(
            "lines that begin with white space before the first field are no fields (section 2.2)",
            "POST / HTTP/1.1\r\n Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\nx",
            ["began", "head POST / 1.1 [Content-Length=1] length 1 +smuggling", "body x", "end 1 +smuggling"]
        ),
        .request(
            "a CR without LF ends nothing (section 2.2)",
            "GET / HTTP/1.1\r\nA: b\rC: d\r\n\r\n",
            ["began", "head GET / 1.1 [A=b\\rC: d] none +smuggling", "end 0 +smuggling"]
        ),
        .request(
            "NUL in a value (RFC 9110, section 5.5)",
            "GET / HTTP/1.1\r\nA: b\0c\r\n\r\n",
            ["began", "head GET / 1.1 [A=b\\x0c] none +smuggling", "end 0 +smuggling"]
        ),
        .request(
            "white space after a chunk size, as some old servers send it",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1  \r\nx\r\n0\r\n\r\n",
            [
                "began", "head POST / 1.1 [Transfer-Encoding=chunked] chunked +chunked", "body x",
                "end 1 +chunked +smuggling",
            ]
        ),
        .request(
            "bare LF after chunk sizes, chunks and trailers",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\nx\n0\nA: b\n\n",
            [
                "began", "head POST / 1.1 [Transfer-Encoding=chunked] chunked +chunked", "body x",
                "trailers A: b\\n", "end 1 +chunked +smuggling",
            ]
        ),
        .request(
            "an extension without a name",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;a=\"\\\";b\";\r\nx\r\n0\r\n\r\n",
            [
                "began", "head POST / 1.1 [Transfer-Encoding=chunked] chunked +chunked", "body x",
                "end 1 +chunked +smuggling",
            ]
        ),
        .request(
            "a quote in an extension that is not closed",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;a=\";b\r\nx\r\n0\r\n\r\n",
            [
                "began", "head POST / 1.1 [Transfer-Encoding=chunked] chunked +chunked", "body x",
                "end 1 +chunked +smuggling",
            ]
        ),
        .request(
            "a chunk size of 2^64",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000000\r\nx\r\n",
            [
                "began", "head POST / 1.1 [Transfer-Encoding=chunked] chunked +chunked",
                "end 0 +chunked +incomplete +smuggling", "skipped 6 unparsable",
            ]
        ),
        .request(
            "no chunk size",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n;x\r\n",
            [
                "began", "head POST / 1.1 [Transfer-Encoding=chunked] chunked +chunked",
                "end 0 +chunked +incomplete +smuggling", "skipped 4 unparsable",
            ]
        ),
        .request(
            "a CR in a chunk-size line that ends nothing",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r;a\r\nx\r\n",
            [
                "began", "head POST / 1.1 [Transfer-Encoding=chunked] chunked +chunked",
                "end 0 +chunked +incomplete +smuggling", "skipped 7 unparsable",
            ]
        ),
        .request(
            "a chunk longer than its size",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxyz\r\n0\r\n\r\n",
            [
                "began", "head POST / 1.1 [Transfer-Encoding=chunked] chunked +chunked", "body x",
                "end 1 +chunked +incomplete +smuggling", "skipped 9 unparsable",
            ]
        ),
        .response(
            "an invalid length in a response",
            "HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\na\r\n",
            [
                "began", "head 200 (OK) 1.1 [Content-Length=1x] none +smuggling",
                "end 0 +incomplete +smuggling",
                "skipped 3 unparsable",
            ]
        ),
    ])
    func readsAndFlags(_ row: MessageCase) { row.check() }

    @Test(arguments: [
        MessageCase.request(
            "a line without a colon",
            "GET / HTTP/1.1\r\nHost a\r\n\r\n",
            ["began", "abandoned", "skipped 26 unparsable"]
        ),
        .request(
            "a field without a name",
            "GET / HTTP/1.1\r\n: a\r\n\r\n",
            ["began", "abandoned", "skipped 23 unparsable"]
        ),
        .request(
            "a name that is no token",
            "GET / HTTP/1.1\r\nA B: c\r\n\r\n",
            ["began", "abandoned", "skipped 26 unparsable"]
        ),
        .request(
            "HTTP/0.9",
            "GET /\r\n",
            ["began", "abandoned", "skipped 7 unparsable"]
        ),
        .request(
            "another protocol with the same shape, its fields skipped with it",
            "PUT / RTSP/1.0\r\nHost: a\r\n\r\n",
            ["began", "abandoned", "skipped 27 unparsable"]
        ),
        .request(
            "the preface of HTTP/2",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            ["began", "abandoned", "skipped 24 unparsable"]
        ),
        .request(
            "a target with a space",
            "GET /a b HTTP/1.1\r\n\r\n",
            ["began", "abandoned", "skipped 21 unparsable"]
        ),
        .request(
            "a TLS handshake",
            "\u{16}\u{03}\u{01}\0\u{05}\r\nabc\r\n",
            ["skipped 12 unparsable"]
        ),
        .response(
            "a status with two digits",
            "HTTP/1.1 20 OK\r\n\r\n",
            ["began", "abandoned", "skipped 18 unparsable"]
        ),
        .response(
            "a vertical tab before the status",
            "HTTP/1.1\u{0B}200 OK\r\n\r\n",
            ["began", "abandoned", "skipped 19 unparsable"]
        ),
        .response(
            "a name in capitals and something else after it",
            "HTTPS/1.1 200 OK\r\nA: b\r\n\r\n",
            ["began", "abandoned", "skipped 26 unparsable"]
        ),
        .response("what is no response at all", "SSH-2.0-x\r\n", ["skipped 11 unparsable"]),
    ])
    func skipsWhatIsNoHTTP(_ row: MessageCase) { row.check() }
}
