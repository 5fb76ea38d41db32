/// What was ready to be sent before the first request went out.
package struct PreparedAhead: Hashable, Sendable {
    package var requests: UInt64
    /// Memory that they took.
    package var bytes: UInt64
    /// How long reading and preparing them took.
    package var nanoseconds: UInt64

    package init(requests: UInt64 = 0, bytes: UInt64 = 0, nanoseconds: UInt64 = 0) {
        self.requests = requests
        self.bytes = bytes
        self.nanoseconds = nanoseconds
    }
}

extension ReplayPlan {
    /// How many bytes of requests are drawn before the first goes out in a run as fast as possible, where that is as much
    /// as there is room for: what the plan says, or what all of a source takes that fits into
    /// ``ReplayLimits/preparedBytes``. `nil` where it is a little at a time.
    package func preparedBytes(of size: SourceSize?) -> Int? {
        if let readAhead { return readAhead }
        guard let size, let loops else { return nil }
        let passes = UInt64(loops).multipliedReportingOverflow(by: UInt64(max(1, copies.count)))
        let ofRequests = size.requests.multipliedReportingOverflow(by: ReplayLimits.preparedCost)
        let pass = size.bytes.addingReportingOverflow(ofRequests.partialValue)
        let all = pass.partialValue.multipliedReportingOverflow(by: passes.partialValue)
        guard !passes.overflow, !ofRequests.overflow, !pass.overflow, !all.overflow,
            all.partialValue <= UInt64(limits.preparedBytes)
        else { return nil }
        return limits.preparedBytes
    }
}
