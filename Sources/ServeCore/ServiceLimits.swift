/// What a server gives to all that use it.
public struct ServiceLimits: Sendable {
  /// The most bytes of a file that is uploaded.
  public var uploadBytes = 256 << 20

  /// The most pixels of a picture.
  public var pixels = 100_000_000

  /// The most bytes of a profile or another chunk of a file.
  public var metadata = 16_000_000

  /// The most pictures that are open at once; the one that was used longest ago makes
  /// room.
  public var pictures = 64

  /// The most bytes that open pictures and their results take, about.
  public var memory = 2 << 30

  /// How long a picture is kept that nobody asks for.
  public var keptFor = Duration.seconds(30 * 60)

  /// The most requests that are worked on at once.
  public var running = 2

  /// The most requests that wait for that.
  public var waiting = 100

  /// The longest that a request is worked on.
  public var workTime = Duration.seconds(120)

  /// The most threads of all that is worked on.
  public var threads = 1

  /// The pixels of a reduced picture, at most.
  public static let reducedPixels = 1_000_000

  /// The most results of a picture that are kept.
  static let fitsOfOne = 12

  /// The defaults.
  public init() {}
}
