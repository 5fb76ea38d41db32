import Bytes

/// The places in the paths of one service at which a segment names one thing of many, beyond what its own shape tells.
///
/// Nothing in `/jobs/j13` or `/users/alice` looks like an identifier; that they are is known of a service whose requests
/// have been looked through. An empty value knows of no such place.
package struct PathParameters: Hashable, Sendable {
    /// What is known of the segments behind one prefix.
    package struct Place: Hashable, Sendable {
        /// The template of the path up to here, with the slash behind it: `/users/`.
        package var prefix: String
        /// Forms of segments that are parameters, with `#` for each run of digits: `j#`.
        package var forms: [String]
        /// Where it is known: the segments that are none, while every other one is.
        package var exceptions: [String]?

        package init(prefix: String, forms: [String] = [], exceptions: [String]? = nil) {
            self.prefix = prefix
            self.forms = forms
            self.exceptions = exceptions
        }

        fileprivate func covers(_ segment: Span<UInt8>) -> Bool {
            guard segment.count > 0 else { return false }
            for form in forms where segment.has(form: form.utf8.span) { return true }
            guard let exceptions else { return false }
            for exception in exceptions where segment.equals(exception.utf8.span) { return false }
            return true
        }
    }

    /// Places beyond these are left out; services have a few.
    package static let mostPlaces = 256

    /// One for each prefix, sorted by it.
    package private(set) var places: [Place] = []
    private var spared: [String] = []

    /// Of several places with one prefix the first counts.
    package init(_ places: [Place] = []) {
        self.places = places.prefix(Self.mostPlaces).reduce(into: []) { kept, place in
            if !kept.contains(where: { $0.prefix == place.prefix }) { kept.append(place) }
        }
        .sorted { $0.prefix < $1.prefix }
    }

    package var isEmpty: Bool { places.isEmpty }

    /// These, and those of `others` at prefixes of which these say nothing.
    package func joined(with others: PathParameters) -> PathParameters {
        PathParameters(places + others.places)
    }

    /// The same, but that these segments are parameters nowhere.
    package func sparing(_ segments: Set<String>) -> PathParameters {
        var parameters = self
        parameters.spared = segments.sorted()
        return parameters
    }

    /// Whether a segment is a parameter behind `prefix`, the template of what stands before it; O(places).
    package func cover(_ segment: Span<UInt8>, behind prefix: Span<UInt8>) -> Bool {
        for place in places where place.prefix.utf8.span.equals(prefix) {
            return place.covers(segment) && !spared.contains { segment.equals($0.utf8.span) }
        }
        return false
    }

    /// The name of a route, method and template of the path, with these parameters in it as well.
    package func route(_ name: String) -> String {
        let words = name.split(separator: " ", maxSplits: 1)
        guard !isEmpty, words.count == 2, words[1].utf8.first == 0x2F else { return name }
        return "\(words[0]) \(RouteTemplate(target: Array(words[1].utf8).span, parameters: self))"
    }
}

extension Span where Element == UInt8 {
    /// Whether it has a form in which `#` stands for a run of digits; O(n).
    fileprivate func has(form: Span<UInt8>) -> Bool {
        var index = 0
        for place in form.indices {
            if form[place] == 0x23 {
                let start = index
                while index < count, self[index].isASCIIDigit { index += 1 }
                if index == start { return false }
            } else {
                guard index < count, self[index] == form[place] else { return false }
                index += 1
            }
        }
        return index == count
    }
}
