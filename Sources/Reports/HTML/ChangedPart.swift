/// The part of a text in which it differs from another: what lies between their common beginning and their common end.
package struct ChangedPart: Equatable {
    package let before: String
    package let changed: String
    package let after: String

    /// O(n).
    package init(of text: String, beside other: String) {
        let left = Array(text)
        let right = Array(other)
        let shorter = min(left.count, right.count)
        var start = 0
        while start < shorter, left[start] == right[start] { start += 1 }
        var end = 0
        while end < shorter - start, left[left.count - 1 - end] == right[right.count - 1 - end] { end += 1 }
        before = String(left[..<start])
        changed = String(left[start..<(left.count - end)])
        after = String(left[(left.count - end)...])
    }
}
