import Messages

/// Which exchanges are recorded: a request decides by its head, or leaves it to the status of its final response.
extension MessageRecorder {
    /// Decides by the head of a request under way, as far as that tells.
    mutating func selectRequest(by head: borrowing Head, _ ordinal: ExchangeOrdinal) {
        let isReplay = !options.includesReplays && head.fieldIndex(of: "x-tapedeck-replay") != nil
        // A response that came first has decided.
        guard isReplay || isFiltering, connections[current].selection(of: .request) == .open else { return }
        if isReplay {
            connections[current].select(.leftOut, ordinal)
        } else if isFiltering {
            if !options.filter.matches(head) {
                connections[current].select(.leftOut, ordinal)
            } else {
                connections[current].select(options.filter.asksForStatus ? .undecided : .taken, ordinal)
            }
        }
    }

    /// Decides by the head of a response under way, where its request has not.
    ///
    /// Whether a request that was not seen is one to record cannot be known: its response is left out where the filter
    /// asks for anything of the request. An interim response waits for the final one.
    mutating func selectResponse(by head: borrowing Head, _ ordinal: ExchangeOrdinal) {
        guard isFiltering, let selection = connections[current].selection(of: .response) else { return }
        switch selection {
        case .taken, .leftOut: return
        case .open where options.filter.asksForRequest: decide(.leftOut, ordinal)
        case .open, .undecided:
            if head.flags.contains(.interim) {
                connections[current].select(.undecided, ordinal)
            } else {
                decide(options.filter.matches(status: head.status ?? 0) ? .taken : .leftOut, ordinal)
            }
        }
    }

    /// Keeps a message that is over until the status of its exchange is known, as far as there is room.
    mutating func hold(_ message: consuming OpenMessage, _ kind: MessageKind, _ end: MessageEnd) {
        let undecided = UndecidedMessage(message: message, kind: kind, end: end)
        undecidedBytes += undecided.heldBytes
        connections[current].undecided.append(undecided)
        if undecidedBytes > options.limits.undecidedBytes {
            decide(.taken, undecided.message.ordinal)
        } else if connections[current].undecided.count > options.http.outstandingRequests {
            // The conversation has forgotten the oldest by now.
            decide(.leftOut, connections[current].undecided[0].message.ordinal)
        }
    }

    /// Leaves out what waits for a status that will not come, after the final response of an exchange.
    mutating func leaveOutUndecided(settledWith ordinal: ExchangeOrdinal) {
        guard !connections[current].undecided.isEmpty else { return }
        let isMultiplexed = connections[current].isMultiplexed
        conclude(.leftOut) { isMultiplexed ? $0 == ordinal : $0 <= ordinal }
    }

    /// Leaves out what waits for a status when its connection is over.
    mutating func leaveOutUndecided() {
        guard !connections[current].undecided.isEmpty else { return }
        conclude(.leftOut) { _ in true }
    }

    private mutating func decide(_ selection: Selection, _ ordinal: ExchangeOrdinal) {
        connections[current].select(selection, ordinal)
        guard !connections[current].undecided.isEmpty else { return }
        conclude(selection) { $0 == ordinal }
    }

    /// Writes or leaves out the messages that wait and belong to some exchanges.
    private mutating func conclude(_ selection: Selection, where belongs: (ExchangeOrdinal) -> Bool) {
        var index = 0
        while index < connections[current].undecided.count {
            guard belongs(connections[current].undecided[index].message.ordinal) else {
                index += 1
                continue
            }
            var next = connections[current].undecided.remove(at: index)
            undecidedBytes -= next.heldBytes
            next.message.selection = selection
            conclude(&next.message, next.kind, next.end)
        }
    }
}
