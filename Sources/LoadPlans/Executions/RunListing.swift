/// Where to look next in a list of runs, so that each run is seen until it has ended and none is passed over.
///
/// A list of changes has one place to go on from. Of a list in the order of creation the pages that hold runs without an end
/// are read again and again; a page whose open runs nobody here has accepted is given up after a while.
package struct RunListing: Sendable {
    private struct Page: Sendable {
        /// `nil` for the start.
        var place: String?
        var isOver = false
        /// Rounds in which the page had nothing open but what nobody here has accepted.
        var idleRounds = 0
    }

    /// Rounds for which open runs of others keep a page in the round.
    package static let patience = 20
    /// Pages looked at in one round at most.
    package static let pagesInRound = 2_000

    private let followsChanges: Bool
    private var pages = [Page(place: nil)]
    /// Pages that are still to be read in this round.
    private var queue: [Int] = []
    private var current: Int?
    /// Where a list of changes goes on.
    private var cursor: String?
    /// Pages read in this round.
    private var count = 0

    /// `followsChanges` where the list is by the last change of each run.
    package init(followsChanges: Bool) {
        self.followsChanges = followsChanges
    }

    /// Begins a round.
    package mutating func begin() {
        count = 0
        current = nil
        queue = followsChanges ? [0] : pages.indices.filter { !pages[$0].isOver }
    }

    /// The place of the page to read next, `.some(nil)` for the start; `nil` where the round is over.
    package mutating func next() -> String?? {
        guard count < Self.pagesInRound, !queue.isEmpty else { return nil }
        count += 1
        let index = queue.removeFirst()
        current = index
        return .some(followsChanges ? cursor : pages[index].place)
    }

    /// Takes the page that was asked for. `openOwn` is how many of its runs are accepted here and have no end, `openOther`
    /// how many nobody has accepted.
    package mutating func take(_ page: RunPage, openOwn: Int, openOther: Int) {
        guard let index = current else { return }
        current = nil
        if followsChanges {
            cursor = page.next ?? page.cursor ?? cursor
            if page.next != nil { queue = [0] }
            return
        }
        pages[index].idleRounds = openOwn == 0 && openOther > 0 ? pages[index].idleRounds + 1 : 0
        // To the last page more may come.
        guard let next = page.next else { return }
        pages[index].isOver = openOwn == 0 && (openOther == 0 || pages[index].idleRounds > Self.patience)
        if index == pages.count - 1 {
            pages.append(Page(place: next))
            queue.append(pages.count - 1)
        }
    }
}
