/// The pictures that are open. Those that nobody asks for are forgotten, and where
/// there is no room the one that was used longest ago makes some.
public actor PictureShelf {
  private struct Place {
    let picture: OpenPicture
    var used: ContinuousClock.Instant
  }

  private let limits: ServiceLimits
  private var places: [String: Place] = [:]

  /// An empty shelf.
  public init(_ limits: ServiceLimits) {
    self.limits = limits
  }

  /// The number of pictures.
  public var count: Int { places.count }

  /// The memory that they take, about.
  public var memory: Int { places.values.reduce(0) { $0 + $1.picture.memory } }

  /// Adds a picture.
  ///
  /// - Returns: Its name: random, since whoever knows it can see the picture.
  /// - Throws: `ServiceError` where it alone has no room.
  public func add(_ picture: OpenPicture) throws(ServiceError) -> String {
    guard picture.memory <= limits.memory else {
      throw ServiceError(
        413,
        "the picture needs \(picture.memory >> 20) MiB, more than the "
          + "\(limits.memory >> 20) MiB that the server may use")
    }
    let id = Self.name()
    places[id] = Place(picture: picture, used: .now)
    makeRoom(keeping: id)
    return id
  }

  /// A picture.
  ///
  /// - Throws: `ServiceError.noPicture` where it is not open.
  public func picture(_ id: String) throws(ServiceError) -> OpenPicture {
    guard let place = places[id] else { throw .noPicture }
    places[id]?.used = .now
    return place.picture
  }

  /// Forgets a picture.
  public func remove(_ id: String) { places[id] = nil }

  /// Forgets what nobody asked for, and what has no room; to be called now and then,
  /// and after results were added.
  public func tidy(keeping id: String? = nil) {
    let now = ContinuousClock.now
    places = places.filter { now - $0.value.used < limits.keptFor }
    makeRoom(keeping: id)
  }

  private func makeRoom(keeping id: String?) {
    while places.count > limits.pictures || memory > limits.memory {
      let oldest = places.filter { $0.key != id }.min {
        $0.value.used < $1.value.used
      }
      guard let oldest else { return }
      places[oldest.key] = nil
    }
  }

  /// 128 random bits.
  private static func name() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<2).map { _ in
      let digits = String(generator.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}
