/// The word that someone may have meant who wrote another.
package enum NearestWord {
    /// `, did you mean 'word'?` where one of the words is two letters off at most, else nothing.
    package static func hint(for text: String, among words: [String]) -> String {
        let written = Array(text.lowercased().utf8)
        guard (2...64).contains(written.count) else { return "" }
        // Letters in another order are no other letters: of words equally near the one with the same letters is meant.
        func difference(_ word: String) -> (Int, Int) {
            (distance(written, Array(word.utf8)), word.utf8.sorted() == written.sorted() ? 0 : 1)
        }
        let near = words.map { (word: $0, distance: distance(written, Array($0.utf8))) }
            .min { difference($0.word) < difference($1.word) }
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
