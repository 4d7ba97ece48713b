public import Segmentation

/// The channels that a mixture was fitted to.
public struct ChannelRecord: Sendable {
  /// Their names.
  public let names: [String]

  /// How samples became coordinates.
  public let scales: [ChannelScale]

  /// A record of channels.
  ///
  /// - Precondition: There are as many names as scales.
  public init(names: [String], scales: [ChannelScale]) {
    precondition(names.count == scales.count)
    self.names = names
    self.scales = scales
  }
}
