public import ImageFormats
public import Segmentation

/// How an image of channels is read and fitted.
public struct ChannelOptions: Sendable {
  /// Whether the channels are read as numbers even of what could be read as a
  /// picture. A single page can be one.
  public var isAsked = false

  /// Which pages are read.
  public var pages = PageSelection.first

  /// The channels that count, from 1; `nil` for all.
  public var channels: [Int]?

  /// How they become coordinates.
  public var normalization = Normalization.range

  /// The channels that are shown as grey or red, green and blue, from 1; `nil` for
  /// the first three of those that count.
  public var shown: [Int]?

  /// All channels of the first page, where the file needs it.
  public init() {}
}
