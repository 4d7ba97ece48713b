/// The components that one point keeps, K_n, while nearer ones are sought; in
/// memory that is allocated once for many points.
struct KeptComponents<Dimension: FixedDimension> {
  private let truncation: Int
  private let means: UnsafePointer<Double>

  private let list: NearestList<UInt16>

  /// Their numbers, nearest first.
  var numbers: UnsafeMutablePointer<UInt16> { list.numbers }

  /// Their squared distances.
  var distances: UnsafeMutablePointer<Double> { list.distances }

  /// Those that the point kept before: whose neighbourhoods to search.
  private let oldNumbers: UnsafeMutablePointer<UInt16>
  private let oldDistances: UnsafeMutablePointer<Double>

  /// Allocates room.
  ///
  /// - Parameters:
  ///   - truncation: C'.
  ///   - means: Vectors, 0 beyond the dimension.
  init(_ truncation: Int, _ means: UnsafePointer<Double>) {
    self.truncation = truncation
    self.means = means
    list = NearestList(capacity: truncation)
    oldNumbers = .allocate(capacity: truncation)
    oldDistances = .allocate(capacity: truncation)
  }

  /// Frees the memory.
  func deallocate() {
    list.deallocate()
    oldNumbers.deallocate()
    oldDistances.deallocate()
  }

  /// Starts with what a point kept, and sorts it by the distances as they are
  /// now.
  ///
  /// - Complexity: O(C') where the order has hardly changed, at worst O(C'²).
  @inline(__always)
  func load(
    _ newNumbers: UnsafePointer<UInt16>, _ newDistances: UnsafePointer<Double>
  ) {
    for i in 0..<truncation {
      list.insert(newNumbers[i], newDistances[i], below: i)
    }
  }

  /// Exchanges members for neighbours of theirs that are nearer, of equally far
  /// ones for the lower number.
  ///
  /// - Returns: How many distances were evaluated.
  /// - Complexity: O(C' × (s × D + log C')) for s neighbours that cannot be
  ///   passed over, and O(C') for each exchange.
  @inline(__always)
  func search(
    _ neighbourhoods: UnsafeNeighbourhoods, near place: Dimension.Vector
  ) -> Int {
    let last = truncation - 1
    var evaluated = 0
    for i in 0..<truncation {
      oldNumbers[i] = numbers[i]
      oldDistances[i] = distances[i]
    }
    var reach = distances[last].squareRoot()
    for i in 0..<truncation {
      let own = truncation == 1 ? reach : oldDistances[i].squareRoot()
      for neighbour in neighbourhoods.neighbours(of: Int(oldNumbers[i])) {
        // |y − j| ≥ |c − j| − |y − c|, and the next is not nearer to c.
        if neighbour.distance > (own + reach)
          * NeighbourhoodPass<Dimension>.slack
        {
          break
        }
        evaluated += 1
        let distance = Dimension.squaredDistance(
          place, Dimension.vector(means, Int(neighbour.number)))
        let number = UInt16(truncatingIfNeeded: neighbour.number)
        guard
          distance < distances[last]
            || (distance == distances[last] && number < numbers[last]),
          !contains(number, distance)
        else { continue }
        list.insert(number, distance, below: last)
        reach = distances[last].squareRoot()
      }
    }
    return evaluated
  }

  /// Whether a component is a member: by bisection, because its distance is the
  /// same number whenever it is computed.
  @inline(__always)
  private func contains(_ number: UInt16, _ distance: Double) -> Bool {
    var (low, high) = (0, truncation)
    while low < high {
      let i = (low + high) / 2
      if distances[i] < distance
        || (distances[i] == distance && numbers[i] < number)
      {
        low = i + 1
      } else {
        high = i
      }
    }
    return low < truncation && numbers[low] == number
  }
}
