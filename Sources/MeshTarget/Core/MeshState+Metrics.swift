extension MeshState {
    /// The counts in the Prometheus text format, version 0.0.4.
    func metrics() -> MeshReply {
        var text = ""
        func family(_ name: String, _ kind: String, _ samples: [(labels: String, value: String)]) {
            text += "# TYPE \(name) \(kind)\n"
            for (labels, value) in samples { text += "\(name)\(labels) \(value)\n" }
        }
        let statuses = counts.statuses.sorted { $0.key < $1.key }
        family("mesh_answers_total", "counter", statuses.map { ("{status=\"\($0.key)\"}", "\($0.value)") })
        family("mesh_runs_accepted_total", "counter", [("", "\(counts.accepted)")])
        family("mesh_deliveries_repeated_total", "counter", [("", "\(counts.repeated)")])
        family("mesh_bad_signatures_total", "counter", [("", "\(counts.badSignatures)")])
        family(
            "mesh_runs_finished_total",
            "counter",
            [("{status=\"succeeded\"}", "\(counts.succeeded)"), ("{status=\"failed\"}", "\(counts.failed)")]
        )
        family("mesh_runs_unfinished", "gauge", [("", "\(counts.unfinished)")])
        family("mesh_runs_unfinished_peak", "gauge", [("", "\(counts.peakUnfinished)")])
        family("mesh_runs_forgotten_total", "counter", [("", "\(counts.forgotten)")])
        family("mesh_refused_total", "counter", [("", "\(counts.refused)")])
        family("mesh_streams_open", "gauge", [("", "\(counts.openStreams)")])
        family("mesh_slow_readers_total", "counter", [("", "\(counts.slowReaders)")])
        return MeshReply(
            status: 200,
            fields: [("Content-Type", "text/plain; version=0.0.4; charset=utf-8")],
            body: Array(text.utf8)
        )
    }
}
