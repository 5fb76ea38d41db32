package import Checks
import JSON
import Messages

extension NoiseFile {
    /// A model as YAML that ``model(yaml:file:)`` reads back, in an order that does not change from run to run.
    package static func yaml(_ model: NoiseModel) -> String {
        var text = """
            # What varies in the answers of an unchanged target, written by `tapedeck learn-noise`.
            # Edit it freely: Documentation/check-rules.md says what each key means.
            noise: 1

            """
        if !model.trace.isEmpty { text += "trace: \(quoted(model.trace))\n" }
        text += "runs: \(model.runs)\n"
        text += "headers: [\(model.headers.map(plain).joined(separator: ", "))]\n"
        text += yaml(model.parameters)
        text += model.routes.isEmpty ? "routes: []\n" : "routes:\n"
        for route in model.routes {
            text += "  - route: \(quoted(route.name))\n    answers: \(route.answers)\n"
            guard !route.fields.isEmpty else { continue }
            text += "    fields:\n"
            for field in route.fields { text += yaml(field) }
        }
        return text
    }

    private static func yaml(_ parameters: PathParameters) -> String {
        var text = parameters.isEmpty ? "" : "parameters:\n"
        for place in parameters.places {
            text += "  - behind: \(quoted(place.prefix))\n"
            if !place.forms.isEmpty {
                text += "    forms: [\(place.forms.map(quoted).joined(separator: ", "))]\n"
            }
            if let exceptions = place.exceptions {
                text += "    except: [\(exceptions.map(quoted).joined(separator: ", "))]\n"
            }
        }
        return text
    }

    private static func yaml(_ field: FieldNoise) -> String {
        var lines = ["field: \(quoted(field.field))"]
        switch field.values {
        case nil: break
        case .any: lines.append("varies: any")
        case .shape(let shape): lines.append("varies: \(shape.rawValue)")
        case .monotonic: lines.append("varies: monotonic")
        case .pattern(let pattern):
            lines += ["varies: pattern", "pattern: \(quoted(pattern.description))"]
        case .set(let values):
            lines += ["varies: set", "values: [\(values.map(spelled).joined(separator: ", "))]"]
        case .number(let range):
            lines += ["varies: number", "range: [\(range.lowerBound), \(range.upperBound)]"]
        }
        if field.isOptional { lines.append("optional: true") }
        if field.isUnordered { lines.append("unordered: true") }
        if let elements = field.elements {
            lines.append("elements: [\(elements.lowerBound), \(elements.upperBound)]")
        }
        if !field.types.isEmpty {
            // `null` alone would be nothing.
            let types = field.types.map(\.rawValue).sorted().map { $0 == "null" ? "\"null\"" : $0 }
            lines.append("types: [\(types.joined(separator: ", "))]")
        }
        if let names = field.names { lines.append("names: \(quoted(names.description))") }
        lines.append("varied: \(field.varied)")
        if let added = field.added { lines.append("added: \(added)") }
        return lines.enumerated().map { ($0.offset == 0 ? "      - " : "        ") + $0.element + "\n" }
            .joined()
    }

    private static func spelled(_ value: JSONValue) -> String {
        var writer = JSONWriter()
        writer.value(value)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// A text in double quotes, where YAML takes the escapes of JSON.
    private static func quoted(_ text: String) -> String { spelled(.string(text)) }

    private static func plain(_ name: String) -> String {
        name.utf8.allSatisfy { $0 == 0x2D || (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
            && name.utf8.first.map { (0x61...0x7A).contains($0) } == true ? name : quoted(name)
    }
}
