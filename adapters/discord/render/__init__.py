"""From neutral messages to Discord's markdown, embeds and components; pure."""
