import Foundation

extension Nesting {
    /// Places in targets, header fields and trailers.
    package static let heads: [Nesting] = targets + fields + credentials

    private static let targets: [Nesting] = [
        Nesting(
            "path",
            isUnnamed: true,
            plant: { NestedMessage(target: "/users/\($0.text.percentCoded)/orders") },
            read: { $0.target.between("/users/", "/orders")?.percentDecoded }
        ),
        Nesting(
            "path behind a name",
            kinds: [.email, .name, .phone],
            plant: { NestedMessage(target: "/by/\($0.kind.field)/\($0.text.percentCoded)?x=1") },
            read: { $0.target.between("/", "?")?.split(separator: "/").last.map(String.init)?.percentDecoded }
        ),
        Nesting(
            "query",
            plant: { NestedMessage(target: "/a?x=1&\($0.kind.field)=\($0.text.percentCoded)&y=2") },
            read: { $0.target.between("x=1&", "&y=2")?.between("=", "")?.percentDecoded }
        ),
        Nesting(
            "query with semicolons",
            plant: { NestedMessage(target: "/a?x=1;\($0.kind.field)=\($0.text.percentCoded);y=2") },
            read: { $0.target.between("x=1;", ";y=2")?.between("=", "")?.percentDecoded }
        ),
        Nesting(
            "matrix parameter",
            plant: { NestedMessage(target: "/a;\($0.kind.field)=\($0.text.percentCoded);v=2/b") },
            read: { $0.target.between("/a;", ";v=2")?.between("=", "")?.percentDecoded }
        ),
        Nesting(
            "fragment",
            plant: { NestedMessage(target: "/a?x=1#\($0.kind.field)=\($0.text.percentCoded)") },
            read: { $0.target.between("#", "")?.between("=", "")?.percentDecoded }
        ),
        Nesting(
            "URL in a query",
            plant: {
                let inner = "https://x.test/a?\($0.kind.field)=\($0.text.percentCoded)"
                return NestedMessage(target: "/a?next=\(inner.percentCoded)")
            },
            read: {
                $0.target.between("next=", "")?.percentDecoded?.between("?", "")?.between("=", "")?
                    .percentDecoded
            }
        ),
        Nesting(
            "JSON in a query",
            plant: {
                NestedMessage(target: "/a?filter=\("{\"\($0.kind.field)\":\"\($0.text)\"}".percentCoded)")
            },
            read: { $0.target.between("filter=", "")?.percentDecoded?.between(":\"", "\"") }
        ),
    ]

    private static func field(
        _ name: String,
        isUnnamed: Bool = false,
        kinds: Set<PlantedValue.Kind> = [],
        _ write: @escaping @Sendable (PlantedValue) -> String,
        _ read: @escaping @Sendable (String) -> String?
    ) -> Nesting {
        Nesting(
            name,
            isUnnamed: isUnnamed,
            kinds: kinds,
            plant: { NestedMessage(fields: [(name, write($0))]) },
            read: { $0[name].flatMap(read) }
        )
    }

    private static let fields: [Nesting] = [
        field("X-Info", isUnnamed: true, { "for \($0.text) only" }, { $0.between("for ", " only") }),
        field(
            "X-Coded",
            isUnnamed: true,
            { "v=\($0.text.percentCoded) end" },
            { $0.between("v=", " end")?.percentDecoded }
        ),
        field(
            "X-Forwarded-For",
            kinds: [.ip],
            { "\($0.text), 10.0.0.1" },
            { $0.between("", ",") ?? $0.components(separatedBy: ",").first }
        ),
        field("Forwarded", kinds: [.ip], { "for=\($0.text);proto=https" }, { $0.between("for=", ";") }),
        field(
            "Referer",
            { "https://a.test/x?\($0.kind.field)=\($0.text.percentCoded)" },
            { $0.between("?", "")?.between("=", "")?.percentDecoded }
        ),
        field(
            "Location",
            isUnnamed: true,
            { "/users/\($0.text.percentCoded)/edit" },
            { $0.between("/users/", "/edit")?.percentDecoded }
        ),
        field(
            "Content-Location",
            { "/x?\($0.kind.field)=\($0.text.percentCoded)" },
            { $0.between("?", "")?.between("=", "")?.percentDecoded }
        ),
        field(
            "Link",
            { "</next?\($0.kind.field)=\($0.text.percentCoded)&p=2>; rel=\"next\", </a>; rel=\"up\"" },
            { $0.between("?", "&p")?.between("=", "")?.percentDecoded }
        ),
        field(
            "Refresh",
            { "5; url=/login?\($0.kind.field)=\($0.text.percentCoded)" },
            { $0.between("?", "")?.between("=", "")?.percentDecoded }
        ),
        field(
            "Content-Disposition",
            isUnnamed: true,
            kinds: [.email, .card],
            { "attachment; filename=\"\($0.text).csv\"" },
            { $0.between("filename=\"", ".csv\"") }
        ),
        Nesting(
            "trailer",
            isUnnamed: true,
            plant: {
                NestedMessage(
                    fields: [("Content-Type", "text/plain")],
                    body: Array("x".utf8),
                    trailers: "X-Result: \($0.text) ok\r\n"
                )
            },
            read: { $0.trailers.between("X-Result: ", " ok") }
        ),
    ]

    private static let credentials: [Nesting] = [
        field(
            "Cookie",
            { "a=1; \($0.kind.field)=\($0.text.percentCoded); b=2" },
            { value in
                value.components(separatedBy: "; ").dropFirst().first?.between("=", "")?.percentDecoded
            }
        ),
        field(
            "Set-Cookie",
            { "\($0.kind.field)=\($0.text.percentCoded); Path=/; HttpOnly" },
            {
                $0.between("=", ";")?.percentDecoded
            }
        ),
        Nesting(
            "user of Basic",
            kinds: [.email, .name],
            plant: { NestedMessage(fields: [("Authorization", "Basic \("\($0.text):secret".base64)")]) },
            read: {
                $0["Authorization"]?.between("Basic ", "")?.base64Decoded?.components(separatedBy: ":").first
            }
        ),
        Nesting(
            "password of Basic",
            kinds: [.password],
            plant: { NestedMessage(fields: [("Authorization", "Basic \("ada:\($0.text)".base64)")]) },
            read: { $0["Authorization"]?.between("Basic ", "")?.base64Decoded?.between(":", "") }
        ),
        Nesting(
            "Bearer",
            kinds: [.password],
            plant: { NestedMessage(fields: [("Authorization", "Bearer \($0.text)")]) },
            read: { $0["Authorization"]?.between("Bearer ", "") }
        ),
        Nesting(
            "user of Digest",
            kinds: [.email, .name],
            plant: {
                NestedMessage(
                    fields: [
                        (
                            "Authorization",
                            "Digest username=\"\($0.text)\", realm=\"r\", nc=00000001, response=\"6629\""
                        )
                    ]
                )
            },
            read: { $0["Authorization"]?.between("username=\"", "\"") }
        ),
        Nesting(
            "claims of Bearer",
            plant: { value in
                let claims = "{\"iat\":1516239022,\"\(value.kind.field)\":\"\(value.text)\"}"
                return NestedMessage(fields: [("Authorization", "Bearer \(token(claims))")])
            },
            read: { $0["Authorization"]?.between(".", ".")?.base64Decoded?.between(":\"", "\"") }
        ),
    ]

    /// A JSON Web Token with these claims.
    static func token(_ claims: String) -> String {
        "\("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".base64URL).\(claims.base64URL).dBjftJeZ4CVPmB92K27uhbUJU1p1rwW1gFWFOEjXk"
    }
}
