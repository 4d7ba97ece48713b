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
  /// The squared limit of each colour. Of each group where there are
  /// `DitherColors.groups`, and negative if ``own`` has some of its colours,
  /// which have the limit 0.
  let squared: [Float]

  /// The entries' own colours, where there are groups.
  let own: EntryColors?

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
    let isGrouped = colors.groups != nil
    let count = colors.points.count
    let pieces = max(1, min(16, count / 4_096))
    let step = Float(colors.space.working.step)
    var squared = [Float](unsafeUninitializedCapacity: count) {
      buffer, filled in
      let limits = SharedMemory(buffer)
      workers.forEach(pieces) { piece in
        entries.withChooser { chooser in
          for n in (0..<count).piece(piece, of: pieces) {
            let limit = Self.limit(
              colors.points[n], from: Int(colors.nearest[n]),
              isOpaque: colors.classes[n] == DitherColors.Class.opaque.rawValue,
              chooser, gain: gain, keepsMeans: keepsMeans, step: step,
              isGroup: isGrouped)
            limits.start[n] = limit * limit
          }
        }
      }
      filled = count
    }
    own = colors.groups.map { groups in
      let own = EntryColors(entries.opaque.points)
      for color in own.colors {
        let group = Int(groups.ofCubes[ColorGroups.cube(color)])
        squared[group] = -abs(squared[group])
      }
      return own
    }
    self.squared = squared
  }

  private static func limit(
    _ point: SIMD4<Float>, from known: Int, isOpaque: Bool,
    _ chooser: DitherChooser, gain: Float, keepsMeans: Bool, step: Float,
    isGroup: Bool
  ) -> Float {
    let entry = chooser.nearest(to: point, from: known, isOpaque: isOpaque)
    let error = point - chooser.all.points[entry]
    let own = (error * error).sum().squareRoot()
    guard own > same * step else {
      // Other colours of a group are about a step from its mean.
      return isGroup ? ownDistances * step : 0
    }
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

  /// The share of an error that a pixel receives.
  ///
  /// - Parameters:
  ///   - error: What it would receive.
  ///   - most: The squared limit of its colour.
  /// - Returns: The share, 0 to 1.
  @inline(__always)
  static func share(of error: SIMD4<Float>, _ most: Float) -> Float {
    let size = (error * error).sum()
    return size > most ? (most / size).squareRoot() : 1
  }

  /// Limits an error.
  ///
  /// - Parameters:
  ///   - error: What a pixel would receive.
  ///   - most: The squared limit of its colour.
  /// - Returns: What it receives.
  @inline(__always)
  static func limited(
    _ error: SIMD4<Float>, _ most: Float
  ) -> SIMD4<Float> {
    let size = (error * error).sum()
    // Foreseen, so that what follows need not wait for the size.
    return size > most ? error * (most / size).squareRoot() : error
  }
}
