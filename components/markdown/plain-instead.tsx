import { Component, type ReactNode } from "react";

interface PlainInsteadProps {
  readonly text: string;
  readonly children: ReactNode;
}

/** Shows an answer's text as it is where its view breaks: no answer may take the page with it. */
export class PlainInstead extends Component<PlainInsteadProps, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { readonly broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    const { text, children } = this.props;
    return this.state.broken ? <div className="answer plain">{text}</div> : children;
  }
}
