/// Small numbers in the order in which they were appended, each at most once; every operation takes O(1).
///
/// The links are kept by number, so the list takes as much memory as the largest number asks for.
struct IndexList {
    private struct Links {
        var previous: Int32
        var next: Int32
    }

    private static let end: Int32 = -1
    private static let absent: Int32 = -2

    private var links: [Links] = []
    private var head = end
    private var tail = end

    /// The number that was appended first.
    var first: Int? { head == Self.end ? nil : Int(head) }

    func contains(_ index: Int) -> Bool { index < links.count && links[index].previous != Self.absent }

    /// Appends a number that is not in the list; traps on one that is.
    mutating func append(_ index: Int) {
        while links.count <= index { links.append(Links(previous: Self.absent, next: Self.absent)) }
        precondition(links[index].previous == Self.absent, "\(index) is in the list already")
        links[index] = Links(previous: tail, next: Self.end)
        if tail == Self.end { head = Int32(index) } else { links[Int(tail)].next = Int32(index) }
        tail = Int32(index)
    }

    /// Takes a number out; without effect where it is not in the list.
    mutating func remove(_ index: Int) {
        guard contains(index) else { return }
        let link = links[index]
        links[index] = Links(previous: Self.absent, next: Self.absent)
        if link.previous == Self.end { head = link.next } else { links[Int(link.previous)].next = link.next }
        if link.next == Self.end {
            tail = link.previous
        } else {
            links[Int(link.next)].previous = link.previous
        }
    }
}
