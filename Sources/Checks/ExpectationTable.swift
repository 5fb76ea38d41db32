/// The recorded exchanges that wait for answers, in places that are used again.
///
/// Every operation is O(1), but for going over all of them.
struct ExpectationTable: Sendable {
    typealias Place = Int32

    private var places: [ExchangeKey: Place] = [:]
    private var keys: [ExchangeKey] = []
    private var expectations: [Expectation] = []
    private var free: [Place] = []
    /// Exchanges whose answers came and that were given up since.
    private var released = ExchangeSet()

    var count: Int { places.count }

    func place(of key: ExchangeKey) -> Place? { places[key] }

    func key(at place: Place) -> ExchangeKey { keys[Int(place)] }

    func wasReleased(_ key: ExchangeKey) -> Bool { released.contains(key) }

    subscript(place: Place) -> Expectation {
        get { expectations[Int(place)] }
        _modify { yield &expectations[Int(place)] }
    }

    /// Makes a place for a key that has none.
    mutating func insert(_ key: ExchangeKey) -> Place {
        let place: Place
        if let last = free.popLast() {
            place = last
            keys[Int(place)] = key
        } else {
            place = Place(expectations.count)
            expectations.append(Expectation())
            keys.append(key)
        }
        places[key] = place
        return place
    }

    /// Gives up what is kept of an exchange, but that its answer came.
    mutating func release(_ place: Place) {
        let key = keys[Int(place)]
        places[key] = nil
        expectations[Int(place)] = Expectation()
        free.append(place)
        released.insert(key)
    }

    /// All that wait, in the order of their keys; O(n log n).
    var sorted: [(key: ExchangeKey, expectation: Expectation)] {
        places.sorted { $0.key < $1.key }.map { ($0.key, expectations[Int($0.value)]) }
    }
}
