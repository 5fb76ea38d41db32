package import LoadPlans

extension LogWatch {
    /// How the lines were read, and how exactly.
    package var method: String {
        var parts = [source]
        if rule.isOfRuns, rule.share < 1 { parts[0] += " of \(Quantity.percent(rule.share)) of them" }
        if rule.realtime != nil {
            parts.append(
                "up to \(Quantity.count(socketPeak)) sockets at once; "
                    + "a channel is subscribed once the server says so, and what is written while it is away is lost to it"
            )
        }
        if rule.time != nil {
            var clock = "the lag of a line is from the moment in it to its arrival"
            if let uncertainty = clockUncertainty {
                clock +=
                    ", whose clocks differ by \(Self.offset(clockOffset)) (known within "
                    + "\(Quantity.duration(nanoseconds: Int64(clamping: uncertainty))))"
            } else {
                clock += "; nothing tells how far its clock and the one here are apart"
            }
            parts.append(clock)
        }
        if let history = rule.history {
            parts.append(
                "held against the history of \(Quantity.count(compared)) runs (at most \(Quantity.count(history.most)), drawn)"
            )
        } else {
            parts.append(rule.isContiguous ? "held against their own numbers" : "not held against a history")
        }
        return parts.joined(separator: "; ")
    }

    private var source: String {
        switch rule.source {
        case .events: rule.isOfRuns ? "a stream of events for each run" : "streams of events of tenants"
        case .realtime:
            "over Realtime's WebSocket, "
                + (rule.isOfRuns ? "a channel for each run" : "channels of tenants")
        }
    }

    /// What there is to say beside the figures.
    package var remarks: [String] {
        var remarks: [String] = []
        func note(_ count: UInt64, _ text: String) {
            if count > 0 { remarks.append("\(Quantity.count(count)) \(text)") }
        }
        note(counts.beyond, "runs were not followed, since as many log streams as may be were open")
        note(counts.unread, "runs were not followed, since no tenant with a token may read their logs")
        note(total { $0.unreadable }, "events had no name of a line where the plan says")
        note(
            total { $0.backlog },
            "log lines were written before their stream was there, and say nothing of lag"
        )
        note(
            total { $0.ahead },
            "log lines say that they were written after they came, and nothing of lag"
        )
        if isClockDisputed {
            remarks.append(
                "the moments in log lines and the dates of answers are of clocks far apart: log lag is unknown"
                    + (tellsWhatIsOwed ? "" : ", and which lines had to come")
            )
        }
        let owed = owedHistories.count
        if compared < owed {
            remarks.append(
                "of \(Quantity.count(owed)) histories of logs \(Quantity.count(compared)) were read: "
                    + "that nothing was missing in them says nothing of the others"
            )
        }
        if let failure = lastFailure { remarks.append("the last log stream that failed: \(failure)") }
        if sampledShare < rule.share {
            remarks.append("log lines were kept of \(Quantity.percent(sampledShare)) of the runs")
        }
        return remarks
    }

    private static func offset(_ nanoseconds: Int64) -> String {
        guard nanoseconds != 0 else { return "nothing" }
        return (nanoseconds < 0 ? "−" : "")
            + Quantity.duration(nanoseconds: Int64(clamping: nanoseconds.magnitude))
    }
}
