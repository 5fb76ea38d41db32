extension RunSighting {
    /// What it is kept by: its name, else what its request was marked with.
    var key: String { id.isEmpty ? "mark \(correlation ?? "")" : id }

    /// Whether both may be of one run; twins that one delivery has set going have names of their own.
    func isSame(as other: RunSighting) -> Bool { id == other.id || id.isEmpty || other.id.isEmpty }

    /// What was seen before, with what this one adds: whoever tells of an end first, such as a callback, may know less of it
    /// than who tells of it later.
    func completing(_ before: RunSighting) -> RunSighting {
        var whole = before.state.isFinal ? before : self
        let other = before.state.isFinal ? self : before
        // Who knows when it ended knows how.
        if whole.finished == nil, other.state.isFinal, other.finished != nil { whole.state = other.state }
        if whole.id.isEmpty { whole.id = other.id }
        whole.correlation = whole.correlation ?? other.correlation
        whole.created = whole.created ?? other.created
        whole.started = whole.started ?? other.started
        whole.finished = whole.finished ?? other.finished
        // What a run was told to wait grows while it goes on.
        whole.delay = other.delay.map { max($0, whole.delay ?? 0) } ?? whole.delay
        return whole
    }
}
