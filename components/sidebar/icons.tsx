import { Icon } from "../common/icons.tsx";

export const SidebarIcon = () => (
  <Icon>
    <rect x="3.5" y="4.5" width="17" height="15" rx="3" />
    <path d="M9.5 4.5v15" />
  </Icon>
);

export const CloseIcon = () => (
  <Icon>
    <path d="m6 6 12 12M18 6 6 18" />
  </Icon>
);

export const SearchIcon = () => (
  <Icon>
    <circle cx="10.5" cy="10.5" r="6" />
    <path d="m15 15 5 5" />
  </Icon>
);

/** A bubble whose line is broken: nothing of it is kept. */
export const TemporaryIcon = () => (
  <Icon>
    <path d="M5 19.5V12a7 7 0 1 1 7 7H5.5" strokeDasharray="3.2 3.4" />
  </Icon>
);

export const MoreIcon = () => (
  <Icon>
    <circle cx="5.5" cy="12" r="1.6" className="filled" />
    <circle cx="12" cy="12" r="1.6" className="filled" />
    <circle cx="18.5" cy="12" r="1.6" className="filled" />
  </Icon>
);

export const RenameIcon = () => (
  <Icon>
    <path d="M4.5 19.5 5.5 15 16 4.5l3.5 3.5L9 18.5ZM13.5 7l3.5 3.5" />
  </Icon>
);

export const PinIcon = () => (
  <Icon>
    <path d="M8 4h8M9.5 4v6L6.5 14h11l-3-4V4M12 14v6" />
  </Icon>
);

export const DeleteIcon = () => (
  <Icon>
    <path d="M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 12.5h9l1-12.5M10.5 11v5M13.5 11v5" />
  </Icon>
);
