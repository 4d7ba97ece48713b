import ParallelWork

/// The most error that pixels of each colour receive from others.
///
/// An entry's own colour receives none, so it stays plain whatever its
/// surroundings could not show. Any other colour is mixed if its own error,
/// added up, would be enough to get another entry; it then receives as much as
/// that takes. Where means are to be kept, a colour that a mixture of entries
/// has receives whatever there is, so that means are kept. The limit is needed
/// for other colours: their error would grow without end, and spill over what
/// comes next.
struct ErrorLimits: Sendable {
  /// The squared limit of each colour.
  let squared: [Float]

  /// Whether a colour receives whatever error there is, because a mixture of
  /// entries has it, and means are to be kept.
  func isFree(_ number: Int) -> Bool { squared[number] == Self.all * Self.all }

  /// The least limit, in distances of a colour from its nearest entry.
  private static let ownDistances: Float = 4

  /// The limit of a colour that is mixed, in distances from it to where another
  /// entry is nearer.
  private static let rooms: Float = 1.25

  /// A limit that nothing reaches; its square is finite.
  private static let all: Float = 1e18

  /// A colour this near to an entry is the entry's, in steps of 8 bits.
  private static let same: Float = 1e-3

  /// Finds the limits.
  ///
  /// - Parameters:
  ///   - colors: The colours of an image.
  ///   - entries: The entries that pixels may get.
  ///   - gain: How large the error of a plain area becomes, in distances of its
  ///     colour from its nearest entry; infinite where all error is passed on.
  ///   - keepsMeans: Whether the means of areas matter.
  ///   - workers: The threads to use; the limits do not depend on them.
  /// - Complexity: O(colours), nearly independent of the entries.
  init(
    _ colors: DitherColors, _ entries: DitherEntries, gain: Float,
    keepsMeans: Bool, _ workers: Workers
  ) {
    let count = colors.points.count
    let pieces = max(1, min(16, count / 4_096))
    let step = Float(colors.space.working.step)
    squared = [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      let limits = SharedMemory(buffer)
      workers.forEach(pieces) { piece in
        entries.withChooser { chooser in
          for n in (0..<count).piece(piece, of: pieces) {
            let limit = Self.limit(
              colors.points[n], from: Int(colors.nearest[n]),
              isOpaque: colors.classes[n] == DitherColors.Class.opaque.rawValue,
              chooser, gain: gain, keepsMeans: keepsMeans, step: step)
            limits.start[n] = limit * limit
          }
        }
      }
      filled = count
    }
  }

  private static func limit(
    _ point: SIMD4<Float>, from known: Int, isOpaque: Bool,
    _ chooser: DitherChooser, gain: Float, keepsMeans: Bool, step: Float
  ) -> Float {
    let entry = chooser.nearest(to: point, from: known, isOpaque: isOpaque)
    let error = point - chooser.all.points[entry]
    let own = (error * error).sum().squareRoot()
    guard own > same * step else { return 0 }
    let least = ownDistances * own
    // Between these the limit depends on the room, and not only on whether
    // there is one.
    let needed = least / rooms
    let room = chooser.room(
      around: point, of: entry, toward: error / own,
      within: needed...max(needed, gain * own), isOpaque: isOpaque)
    guard room.isFinite, gain * own >= room else { return least }
    let isFree =
      keepsMeans
      && chooser.isMixture(
        point, from: entry, isOpaque: isOpaque, within: step / 2)
    return isFree ? all : max(least, rooms * room)
  }

  /// Limits an error.
  ///
  /// - Parameters:
  ///   - error: What a pixel would receive.
  ///   - number: Its colour.
  ///   - limits: The squared limits.
  /// - Returns: The share of the error that it receives, 0 to 1.
  @inline(__always)
  static func share(
    of error: SIMD4<Float>, _ number: Int,
    _ limits: UnsafeBufferPointer<Float>
  ) -> Float {
    let size = (error * error).sum()
    let most = limits[number]
    return size > most ? (most / size).squareRoot() : 1
  }
}
