import Bytes
package import Compression

extension Head {
    /// The codings of the body, of all Content-Encoding fields together (RFC 9110, section 8.4); O(fields).
    package var contentCodings: ContentCodings { contentCodings(from: fieldIndex(of: "content-encoding")) }

    /// The same where it is known at which field the first of them stands; `nil` for a head without.
    package func contentCodings(from first: Int?) -> ContentCodings {
        var codings = ContentCodings()
        var next = first
        while let index = next {
            codings.append(value(of: fields[index]))
            next = fieldIndex(of: "content-encoding", from: index &+ 1)
        }
        return codings
    }
}
