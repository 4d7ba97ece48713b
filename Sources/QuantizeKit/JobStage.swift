/// The stages of a job on one image, in their order.
public enum JobStage: String, CaseIterable, Sendable {
  /// Reading pixels from the file.
  case decode

  /// Counting the distinct colours.
  case histogram

  /// Searching for initial means, and EM.
  case fit

  /// Merging the regions of a segmented image that are too small or too many.
  case merge

  /// Rounding the palette and mapping the pixels, or labelling them.
  case map

  /// Compressing the output.
  case encode

  /// Measuring the written image for a report.
  case metrics

  /// Making and writing the soft outputs.
  case soft

  /// Making and measuring the images of a comparison.
  case compare
}
