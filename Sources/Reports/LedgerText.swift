package import Recording

/// The ledger as lines of text, one for each section: the total, and the buckets that hold something.
package enum LedgerText {
    /// Lines such as `packets      167 delivered = 165 followed + 2 not TCP`, each ended by a line feed.
    ///
    /// Sections without anything in them are left out. Notes stand behind a semicolon: they are no part of the sum.
    package static func lines(_ ledger: Ledger) -> String {
        LedgerSection.allCases.map { line($0, of: ledger) }.joined()
    }

    private static func line(_ section: LedgerSection, of ledger: Ledger) -> String {
        let entries = LedgerEntry.all.filter { $0.section == section && ledger[keyPath: $0.value] > 0 }
        guard !entries.isEmpty else { return "" }
        func list(_ role: LedgerEntry.Role) -> [String] {
            entries.filter { $0.role == role }.map { entry in
                let words = entry.name.split(separator: "_").joined(separator: " ")
                return "\(Quantity.count(ledger[keyPath: entry.value])) \(words)"
            }
        }
        var text = section.rawValue + String(repeating: " ", count: 13 - section.rawValue.count)
        text += list(.total).first ?? "nothing"
        text += " = " + (list(.bucket).isEmpty ? "0" : list(.bucket).joined(separator: " + "))
        if !list(.note).isEmpty { text += "; " + list(.note).joined(separator: ", ") }
        return text + "\n"
    }
}
