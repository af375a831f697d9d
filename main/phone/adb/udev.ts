/** What lets a user of Linux open a phone on the USB port: shown by errors, the window and docs/phone.md alike. */

export const udev = {
  /** Before 73-seat-late.rules, which gives what is tagged uaccess to the user logged in at the computer. */
  file: '/etc/udev/rules.d/51-android.rules',
  /** Samsung's vendor number; a rule for one vendor is enough for a Galaxy S10. */
  rule: 'SUBSYSTEM=="usb", ATTR{idVendor}=="04e8", MODE="0660", GROUP="plugdev", TAG+="uaccess"',
  /** Makes it count for what is plugged in next. */
  reload: 'sudo udevadm control --reload-rules && sudo udevadm trigger',
} as const;
