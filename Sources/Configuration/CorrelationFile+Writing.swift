package import Correlation
import Messages

extension CorrelationFile {
    /// The plan's edges as YAML that ``load(path:)`` reads again, a comment on top.
    package static func yaml(edges: [ValueEdge], comment: String) -> String {
        var text = comment.split(separator: "\n").map { "# \($0)\n" }.joined()
        text += "\(key):\n"
        guard !edges.isEmpty else { return text + "  edges: []\n" }
        text += "  edges:\n"
        for edge in edges {
            text += "    - from: \(scalar(edge.from.description))\n"
            text += "      take: \(scalar(edge.take.description))\n"
            text += "      to: \(scalar(edge.to.description))\n"
            text += "      put: \(scalar(edge.put.description))\n"
            if edge.match != .value { text += "      match: \(edge.match.rawValue)\n" }
            guard let evidence = edge.evidence else { continue }
            text +=
                "      held: \(evidence.held)\n      of: \(evidence.of)\n      values: \(evidence.values)\n"
        }
        return text
    }

    /// A text as YAML reads it back: plain where nothing in it means something else, else between double quotes.
    private static func scalar(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x20, 0x24, 0x2A, 0x2D, 0x2E, 0x2F, 0x3A, 0x5B, 0x5D,
                0x5F,
                0x7B, 0x7D:
                true
            default: false
            }
        }
        let first = text.utf8.first ?? 0x20
        let startsPlain = first | 0x20 >= 0x61 && first | 0x20 <= 0x7A || first == 0x2F
        if isPlain, startsPlain, !text.contains(": "), !text.hasSuffix(":"), !text.hasSuffix(" ") {
            return text
        }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\" + String(scalar)
            case "\u{0}"..<" ", "\u{7F}":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\x" + (digits.count < 2 ? "0" : "") + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
