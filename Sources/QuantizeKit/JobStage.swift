/// The stages of a job on one image, in their order.
public enum JobStage: String, CaseIterable, Sendable {
  /// Reading pixels from the file.
  case decode

  /// Counting the distinct colours.
  case histogram

  /// Searching for initial means, and EM.
  case fit

  /// Merging the regions of a segmented image.
  case merge

  /// Rounding the palette and mapping the pixels.
  case map

  /// Compressing the output.
  case encode

  /// Measuring the written image for a report.
  case metrics
}
