/// Which rnr this is: recorded in what it saves.
public enum Version {
  /// The version of the package.
  public static let current = "0.1.0"
}
