/// The C' nearest components of four points at once, with room for their
/// responsibilities.
struct SharedPoints {
  private typealias Vector = SIMD4<Double>

  private let truncation: Int

  /// Squared distances of the nearest components found, place by place. For a
  /// small C' the places are sorted, nearest first.
  let distances: UnsafeMutablePointer<SIMD4<Double>>

  /// Their numbers.
  let components: UnsafeMutablePointer<SIMD4<Int64>>

  /// Room for their responsibilities.
  let responsibilities: UnsafeMutablePointer<SIMD4<Double>>

  /// Where there are more candidates than C' and C' is large, all of them, and
  /// the search among those of one point.
  private var selection: NearestSelection?
  private var taken = 0
  private var keepsAll = false

  /// Up to this C' each candidate is sorted in as it comes; beyond, all are
  /// collected and the nearest selected.
  private static let mostSorted = 8

  /// Allocates room.
  init(truncation: Int, components count: Int) {
    self.truncation = truncation
    let room = truncation <= Self.mostSorted ? truncation : count
    distances = .allocate(capacity: room)
    components = .allocate(capacity: room)
    responsibilities = .allocate(capacity: truncation)
    if truncation > Self.mostSorted, truncation < count {
      selection = NearestSelection(truncation, of: count)
    }
  }

  /// Frees the memory.
  func deallocate() {
    distances.deallocate()
    components.deallocate()
    responsibilities.deallocate()
    selection?.deallocate()
  }

  /// Starts with other points.
  @inline(__always)
  mutating func begin() {
    taken = 0
    keepsAll = truncation > Self.mostSorted
    guard !keepsAll else { return }
    for i in 0..<truncation {
      distances[i] = SIMD4(repeating: .infinity)
      components[i] = .zero
    }
  }

  /// Takes a candidate; candidates come in ascending order of their numbers.
  @inline(__always)
  mutating func take(_ distance: SIMD4<Double>, _ component: Int64) {
    if keepsAll {
      distances[taken] = distance
      components[taken] = SIMD4(repeating: component)
      taken += 1
      return
    }
    var distance = distance
    var component = SIMD4(repeating: component)
    var closer = SIMDMask<SIMD4<Int64>>(repeating: false)
    for i in 0..<truncation {
      // Strictly closer: of equally far ones the earlier stays in front. What
      // it pushes away moves all behind it.
      closer .|= distance .< distances[i]
      let pushed = (distances[i], components[i])
      distances[i].replace(with: distance, where: closer)
      components[i].replace(with: component, where: closer)
      distance.replace(with: pushed.0, where: closer)
      component.replace(with: pushed.1, where: closer)
    }
  }

  /// Moves the C' nearest of each point to the front.
  ///
  /// - Returns: The least squared distance of each point.
  @inline(__always)
  mutating func selectNearest() -> SIMD4<Double> {
    guard keepsAll else { return distances[0] }
    if taken > truncation { selectAmongTaken() }
    var nearest = distances[0]
    for i in 1..<truncation {
      nearest.replace(with: distances[i], where: distances[i] .< nearest)
    }
    return nearest
  }

  private mutating func selectAmongTaken() {
    guard var selection else { return }
    for lane in 0..<4 {
      selection.select(among: taken) { distances[$0][lane] }
      for i in 0..<truncation {
        // Places ascend with the numbers of the components, so ties between
        // places are ties between numbers.
        selection.distances[i] = distances[selection.places[i]][lane]
        selection.numbers[i] = components[selection.places[i]][lane]
      }
      for i in 0..<truncation {
        distances[i][lane] = selection.distances[i]
        components[i][lane] = selection.numbers[i]
      }
    }
  }
}
