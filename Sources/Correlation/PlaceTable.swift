/// The places of values, told apart by route, each with a number.
///
/// A place that means the same on every route is one place; that is asked once for each route, not for each value.
struct PlaceTable<Place: Sendable>: Sendable {
    private var places: [Place] = []
    private var numbers: [UInt64: UInt32] = [:]

    subscript(number: Int) -> Place {
        get { places[number] }
        _modify { yield &places[number] }
    }

    /// The number of the place where `found` stands, in a message of `route`; `nil` where it is new and there are
    /// `limit` already.
    ///
    /// `isShared` tells of a place whether it is one on all routes, and `make` gives what is kept of a new one.
    mutating func number(
        of found: borrowing FoundValue,
        route: Int,
        limit: Int,
        isShared: (ValuePlace) -> Bool,
        make: (_ route: Int, _ spot: ValueSpot) -> Place
    ) -> UInt32? {
        let own = Self.key(route, found.key)
        if let number = numbers[own] { return number }
        let spot = found.spot()
        let route = isShared(spot.place) ? EdgeLearner.anyRoute : route
        let general = Self.key(route, found.key)
        if let number = numbers[general] {
            numbers[own] = number
            return number
        }
        guard places.count < limit else { return nil }
        let number = UInt32(places.count)
        places.append(make(route, spot))
        numbers[general] = number
        numbers[own] = number
        return number
    }

    private static func key(_ route: Int, _ place: UInt64) -> UInt64 {
        JSONLeaves.mix(UInt64(route) + 1, place)
    }
}
