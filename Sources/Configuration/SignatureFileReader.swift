import Messages
import Signatures
import Yams

/// Turns the nodes of a file of signatures into schemes and credentials.
struct SignatureFileReader: RulesFileReader {
    let file: String

    // MARK: Secrets

    func credential(_ node: Node, _ directory: SchemeDirectory) throws(RulesFileError) -> SignatureCredential
    {
        let entries = try fields(
            node,
            of: "an entry of 'secrets'",
            known: ["scheme", "secret", "secrets", "when", "url"]
        )
        guard let schemeNode = entries["scheme"] else { throw error(node, "a 'scheme' is missing here") }
        let name = try text(schemeNode)
        guard let scheme = directory[name: name] else {
            let known = directory.schemes.map(\.name).joined(separator: ", ")
            throw error(schemeNode, "unknown scheme '\(name)'; there are \(known)")
        }
        var places: [Node] = []
        if let one = entries["secret"] { places.append(one) }
        if let several = entries["secrets"] { places += try list(several, "'secrets'") }
        guard !places.isEmpty else {
            throw error(node, "a 'secret' is missing here: env:VARIABLE or file:PATH names where it is")
        }
        var secrets: [SigningSecret] = []
        for place in places { secrets.append(try secret(place, scheme)) }
        var selection = RequestFilter.all
        if let when = entries["when"] { selection = try filter(when) }
        var url: String?
        if let urlNode = entries["url"] { url = try baseURL(urlNode) }
        do {
            return try SignatureCredential(scheme, secrets, selection: selection, url: url)
        } catch {
            throw self.error(node, "the secret of '\(name)' cannot be used: \(error)")
        }
    }

    private func secret(_ node: Node, _ scheme: WebhookScheme) throws(RulesFileError) -> SigningSecret {
        guard let origin = SecretSource.Origin(try text(node)) else {
            throw error(
                node,
                "a secret does not stand in this file: env:VARIABLE or file:PATH names where it is"
            )
        }
        do {
            return try SecretSource(scheme: scheme, origin: origin).secret()
        } catch {
            throw self.error(node, error.description)
        }
    }

    private func filter(_ node: Node) throws(RulesFileError) -> RequestFilter {
        let filter: RequestFilter
        do {
            filter = try RequestFilter(try text(node))
        } catch let failure as FilterError {
            throw error(node, failure.description)
        } catch let failure as RulesFileError {
            throw failure
        } catch {
            throw self.error(node, "the filter cannot be read")
        }
        guard !filter.asksForStatus else { throw error(node, "a request is chosen before it has a status") }
        return filter
    }

    private func baseURL(_ node: Node) throws(RulesFileError) -> String {
        let url = try text(node)
        guard url.hasPrefix("https://") || url.hasPrefix("http://"), !url.contains("?"), !url.contains("#"),
            url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw error(node, "a URL like https://hooks.example, with a path prefix or without") }
        return url
    }

    // MARK: Schemes

    private static let keys = [
        "name", "description", "algorithm", "secret", "signed", "encoding", "signature", "value", "separator",
        "time",
        "unit", "tolerance", "ids", "digest", "marks",
    ]

    func scheme(_ node: Node) throws(RulesFileError) -> WebhookScheme {
        let entries = try fields(node, of: "a scheme", known: Self.keys)
        guard let nameNode = entries["name"] else { throw error(node, "a scheme has a 'name'") }
        let name = try self.name(nameNode)
        guard let placeNode = entries["signature"] else {
            throw error(node, "a scheme has a 'signature', the place where it stands: header:NAME")
        }
        var form = SignatureForm(.hmacSHA256, in: try place(placeNode))
        if let node = entries["algorithm"] { form.algorithm = try choice(node, SignatureAlgorithm.self) }
        if let node = entries["secret"] { form.secret = try choice(node, SignatureForm.SecretSpelling.self) }
        if let node = entries["signed"] {
            form.signed = try template(node) { text throws(SignatureTemplate.Failure) in
                try SignatureTemplate(text)
            }
        }
        if let node = entries["encoding"] {
            form.coding = try choice(node, TextCoding.self)
            guard form.coding != .raw else {
                throw error(node, "bytes as they are cannot stand in a request")
            }
        }
        var separator: Character?
        if let node = entries["separator"] {
            let text = try self.text(node)
            guard text.count == 1 else { throw error(node, "a separator is one character") }
            separator = text.first
        }
        if let node = entries["value"] {
            form.value = try template(node) { text throws(SignatureTemplate.Failure) in
                try SignatureValue(text, separator: separator)
            }
        }
        if let node = entries["time"] { form.time = try place(node) }
        if let node = entries["unit"] { form.unit = try choice(node, TimeUnit.self) }
        if let node = entries["tolerance"] { form.tolerance = try seconds(node) }
        if let node = entries["ids"] {
            for entry in try list(node, "'ids'") { form.ids.append(try place(entry)) }
        }
        if let node = entries["digest"] { form.digest = try place(node) }
        if let node = entries["marks"] {
            for entry in try list(node, "'marks'") { form.marks.append(try text(entry)) }
        }
        if let flaw = form.flaw { throw error(node, flaw) }
        let summary = try entries["description"].map(text) ?? "described in \(file)"
        return WebhookScheme(name, summary, form)
    }

    private func template<Value>(
        _ node: Node,
        _ read: (String) throws(SignatureTemplate.Failure) -> Value
    ) throws(RulesFileError) -> Value {
        let text = try text(node)
        do {
            return try read(text)
        } catch {
            throw self.error(node, error.description)
        }
    }

    private func place(_ node: Node) throws(RulesFileError) -> SignaturePlace {
        guard let place = SignaturePlace(try text(node)) else {
            throw error(node, "a place is header:NAME, query:NAME, form:NAME or json:/POINTER")
        }
        return place
    }

    private func choice<Value: RawRepresentable & CaseIterable>(
        _ node: Node,
        _: Value.Type
    ) throws(RulesFileError) -> Value where Value.RawValue == String {
        let text = try text(node)
        guard let value = Value(rawValue: text) else {
            let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw error(node, "'\(text)' is none of \(known)")
        }
        return value
    }

    private func seconds(_ node: Node) throws(RulesFileError) -> Int64 {
        let text = try text(node)
        let units: [(String, Int64)] = [("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400)]
        for (unit, size) in units where text.hasSuffix(unit) {
            if let number = Int64(text.dropLast()), number > 0, number <= 1_000_000 { return number * size }
        }
        throw error(node, "a duration like 30s, 5m or 1h")
    }

    // MARK: Values

    func list(_ node: Node, _ what: String) throws(RulesFileError) -> [Node] {
        guard let sequence = node.sequence else { throw error(node, "\(what) is a list") }
        return Array(sequence)
    }

    /// A name that can stand in a trace and before `=` on a command line.
    private func name(_ node: Node) throws(RulesFileError) -> String {
        let name = try text(node)
        let isPlain = name.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
        }
        guard isPlain, name.utf8.count <= 64 else {
            throw error(node, "a name has up to 64 small letters, digits and hyphens")
        }
        return name
    }
}
