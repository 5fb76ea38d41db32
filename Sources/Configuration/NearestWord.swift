/// The word that someone may have meant who wrote another.
package enum NearestWord {
    /// `, did you mean 'word'?` where one of the words is two letters off at most, else nothing.
    package static func hint(for text: String, among words: [String]) -> String {
        let written = Array(text.lowercased().utf8)
        guard (2...64).contains(written.count) else { return "" }
        let near = words.map { (word: $0, distance: distance(written, Array($0.utf8))) }
            .min { $0.distance < $1.distance }
        guard let near, near.distance <= min(2, written.count / 2) else { return "" }
        return ", did you mean '\(near.word)'?"
    }

    /// How many letters have to be put in, taken out or exchanged (Levenshtein); O(n²).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (index, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (place, other) in right.enumerated() {
                let next = min(row[place] + 1, row[place + 1] + 1, diagonal + (letter == other ? 0 : 1))
                diagonal = row[place + 1]
                row[place + 1] = next
            }
        }
        return row[right.count]
    }
}
