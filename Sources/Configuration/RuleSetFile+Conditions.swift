import Anonymization
import JSON
import Messages
import Yams

extension RuleSetFile {
    static let conditionKeys = ["when", "route", "host", "direction"]

    /// What must hold for a rule to apply.
    func tests(_ entries: [String: Node]) throws(RulesFileError) -> [RuleTest] {
        var tests: [RuleTest] = []
        if let node = entries["when"] { tests.append(.filters(try filters(node))) }
        if let node = entries["route"] { tests.append(.routes(try routes(node))) }
        if let node = entries["host"] { tests.append(.filters([try hosts(node)])) }
        if let node = entries["direction"] {
            let name = try text(node)
            switch name {
            case "request": tests.append(.isRequest)
            case "response": tests.append(.isResponse)
            default:
                let hint = NearestWord.hint(for: name, among: ["request", "response"])
                throw error(node, "unknown direction '\(name)'\(hint); there are request, response")
            }
        }
        return tests
    }

    /// Filters in the language of `record --filter`, of which one must match.
    func filters(_ node: Node) throws(RulesFileError) -> [RequestFilter] {
        var filters: [RequestFilter] = []
        for element in elements(of: node) {
            let filter: RequestFilter
            do {
                filter = try RequestFilter(try text(element))
            } catch let failure as FilterError {
                throw error(element, failure.description)
            } catch let failure as RulesFileError {
                throw failure
            } catch {
                throw self.error(element, "no filter")
            }
            guard !filter.asksForStatus else {
                throw error(
                    element,
                    "a rule cannot ask for the status: it is not known when the request is written"
                )
            }
            filters.append(filter)
        }
        guard !filters.isEmpty else { throw error(node, "an empty list names nothing") }
        return filters
    }

    private func hosts(_ node: Node) throws(RulesFileError) -> RequestFilter {
        let names = try texts(node)
        do {
            return try RequestFilter("host=" + names.joined(separator: ","))
        } catch {
            throw self.error(node, "no host: \(error.reason)")
        }
    }

    private func routes(_ node: Node) throws(RulesFileError) -> [RoutePattern] {
        var routes: [RoutePattern] = []
        for element in elements(of: node) {
            let text = try text(element)
            do {
                routes.append(try RoutePattern(text))
            } catch {
                throw self.error(element, error.description)
            }
        }
        guard !routes.isEmpty else { throw error(node, "an empty list names nothing") }
        return routes
    }

    func paths(_ node: Node) throws(RulesFileError) -> [JSONPath] {
        var paths: [JSONPath] = []
        for element in elements(of: node) {
            guard let scalar = element.scalar else {
                throw error(element, "a path with brackets in it needs quotes: '$.items[*].id'")
            }
            let text = scalar.string
            do {
                // A path that starts anywhere may leave out the root.
                let path = try JSONPath(text.hasPrefix("..") ? "$" + text : text)
                guard !path.steps.isEmpty else {
                    throw error(element, "'\(text)' is the whole text; name a value in it")
                }
                paths.append(path)
            } catch let failure as JSONPathError {
                throw error(element, failure.description)
            } catch let failure as RulesFileError {
                throw failure
            } catch {
                throw self.error(element, "no path")
            }
        }
        guard !paths.isEmpty else { throw error(node, "an empty list names nothing") }
        return paths
    }

    /// The entries of a list; a single value is a list of itself.
    private func elements(of node: Node) -> [Node] {
        node.sequence.map { Array($0) } ?? [node]
    }
}
